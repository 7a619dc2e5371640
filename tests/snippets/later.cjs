// Preloaded into Node: moves the clock of caches, not that of `new Date()`, by a minute at each SIGUSR2.
const now = Date.now;
let moved = 0;
Date.now = () => now() + moved;
process.on("SIGUSR2", () => {
  moved += 61_000;
});
