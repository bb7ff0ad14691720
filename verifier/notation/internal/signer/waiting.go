package signer

import (
	"sync"
	"time"
)

// stopLimit is how long to wait for the end of a killed plugin.
const stopLimit = time.Second

// waitingProcess keeps one plugin process started in advance, which saves a verification the start-up time. The zero
// value has none until prepare is called.
//
// It does not matter how long a process waits: it has the environment that a new one would have, and reads everything
// else (profiles, credentials of a container) after it gets its request. The local plugin does so; for AWS's plugin it
// is inferred (plugin-reads-late) from the plugin framework (cli.Execute) and from its source, of which v1.0.2292 was
// not seen.
type waitingProcess struct {
	mu      sync.Mutex
	process *pluginProcess
	stopped bool
}

// prepare starts a process unless one is waiting. If that fails, the run that starts its own process reports it.
func (w *waitingProcess) prepare(file string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || (w.process != nil && !w.process.hasEnded()) {
		return
	}
	w.process, _ = startPluginProcess(file)
}

// take gives the waiting process to one caller; nil if there is none. It may have ended meanwhile.
func (w *waitingProcess) take() *pluginProcess {
	w.mu.Lock()
	defer w.mu.Unlock()
	process := w.process
	w.process = nil
	return process
}

// stop ends the waiting process, and starts no more.
func (w *waitingProcess) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	if w.process == nil {
		return
	}
	w.process.kill()
	select {
	case <-w.process.ended:
	case <-time.After(stopLimit):
	}
	w.process = nil
}
