"""Do stylesheets lose what no page has, and nothing else?"""

from press.build.fonts import slim

CSS = """/* A comment. */
:root{--a:1}
.sd-card,.sd-never{color:red}
.sd-never{color:blue}
details.sd-card:not(.x,.sd-card) p{margin:0}
@media print{.sd-card{a:b}.sd-never{c:d}}
div .-Color-Bold{font-weight:bold}
@keyframes k{0%{opacity:0}}
"""


def test_rules_of_unused_classes_and_comments_go():
    left = slim(CSS, {"sd-card"}).split()
    assert "".join(left) == (
        ":root{--a:1}.sd-card{color:red}details.sd-card:not(.x,.sd-card)p{margin:0}"
        "@mediaprint{.sd-card{a:b}}@keyframesk{0%{opacity:0}}"
    )


def test_what_pages_use_stays():
    used = {"sd-card", "sd-never", "-Color-Bold"}
    assert slim(CSS, used) == CSS.removeprefix("/* A comment. */\n")
