// Keeps what took long to compute. No page needed.

/**
 * Return a function with its last result kept, until something that it is given changes.
 * @template {unknown[]} G @template R
 * @param {(...given: G) => R} make @returns {(...given: G) => R}
 */
export function kept(make) {
  /** @type {{given: G, result: R} | undefined} */
  let last;
  return (...given) => {
    if (!last?.given.every((value, i) => value === given[i])) last = { given, result: make(...given) };
    return last.result;
  };
}
