/** Milliseconds by which a clock may gain on the time that passed before it counts as set forward, or as having slept. */
const LEAP = 1_000;

/**
 * Time in milliseconds that never goes back, and never stands while time passes: what is measured by it grows old
 * whatever is done to the clock of the machine. A clock that is set forward is believed, as the machine may have slept.
 * @param wall milliseconds of Unix time, which may be set at any moment
 * @param uptime milliseconds since any moment, which only go up; without it a clock that is set back stands still
 */
export function steadyTime(wall: () => number, uptime?: () => number): () => number {
  let [knownWall, knownUptime] = [wall(), uptime?.() ?? 0];
  let time = knownWall;
  return () => {
    const [nowWall, nowUptime] = [wall(), uptime?.() ?? 0];
    const [shown, passed] = [nowWall - knownWall, nowUptime - knownUptime];
    // By the clock alone where it leapt: added up, the differences of two clocks that go at the same pace would count twice.
    time += Math.max(0, uptime && shown - passed < LEAP ? passed : shown);
    [knownWall, knownUptime] = [nowWall, nowUptime];
    return time;
  };
}
