// Margin, rank and fooled, as fgclip/ranking.py has them: a score leads where it is higher by more than a tie.
// A tie counts against the model, and so does NaN; what is not known yet is left out by who asks.

export const TIE = 1e-6; // cosines that differ by no more are equal, but for rounding

/** Whether a score does not beat another one. @param {number} value @param {number} other */
const isRival = (value, other) => !(value - other > TIE);

/** Whether two scores are equal, but for rounding. @param {number} one @param {number} other */
export const isTie = (one, other) => Math.abs(one - other) <= TIE;

/** Lead of a score over the best of the others; null without any. @param {number} value @param {number[]} others */
export const marginOf = (value, others) => (others.length ? value - Math.max(...others) : null);

/** Whether a model with this margin is fooled. @param {number | null} margin */
export const isFooled = (margin) => margin !== null && !(margin > TIE);

/**
 * Place of a score among others, from 1; those that tie are before it.
 *
 * @param {number} value
 * @param {number[]} others
 */
export const rankOf = (value, others) => 1 + others.filter((other) => isRival(value, other)).length;

/** The rank of each value among all. @param {number[]} values */
export const ranksOf = (values) => values.map((value) => values.filter((other) => isRival(value, other)).length);

/**
 * The highest of several values, and its lead over the next.
 *
 * @param {number[]} values
 * @returns {{place: number, margin: number | null}}
 */
export function leadOf(values) {
  const most = Math.max(...values);
  const place = values.findIndex((value) => Object.is(value, most)); // NaN is most of all
  return {
    place,
    margin: marginOf(
      values[place],
      values.filter((_, i) => i !== place),
    ),
  };
}
