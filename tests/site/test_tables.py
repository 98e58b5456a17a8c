"""Do the pages about the site itself show what they are made from?"""

from docutils import nodes

from press.build.tables import _with_code


def test_what_stands_between_backticks_is_shown_as_code():
    shown = _with_code('Begin a page: `-- NAME "Title"`.')
    assert [code.astext() for code in shown.findall(nodes.literal)] == ['-- NAME "Title"']
    assert shown.astext() == 'Begin a page: -- NAME "Title".'
