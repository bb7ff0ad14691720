/**
 * Lets this process end of SIGHUP after its exit handlers, which a shell reports as 129. Node.js cannot exit normally once its
 * terminal was closed: it fails to restore the terminal's settings, and aborts with a core dump.
 */
export function endOfHangUp(): void {
  process.once("exit", () => {
    process.removeAllListeners("SIGHUP");
    process.kill(process.pid, "SIGHUP");
  });
}
