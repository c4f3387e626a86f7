/** Tells the time. Passed in, so that tests are exact. */
export type Clock = () => Date;
