package signer

import (
	"sync"
	"time"
)

// stopLimit is how long the end of a killed plugin is waited for.
const stopLimit = time.Second

// waitingProcess keeps one plugin process started in advance, which saves a verification the time of its start. The zero
// value keeps none until prepare is called.
//
// How long a process waits does not matter: it has the environment that a new one would have, and reads everything else
// (profiles, credentials of a container) once it has its request. The local plugin does so; for AWS's plugin it is
// inferred (plugin-reads-late) from the plugin framework (cli.Execute) and from its source, of which v1.0.2292 was not seen.
type waitingProcess struct {
	mu      sync.Mutex
	process *pluginProcess
	stopped bool
}

// prepare starts a process unless one waits already. A failure is left to the run that will start its own, and can report it.
func (w *waitingProcess) prepare(file string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || (w.process != nil && !w.process.hasEnded()) {
		return
	}
	w.process, _ = startPluginProcess(file)
}

// take gives the process that waits, to one caller; nil if there is none. It may have ended meanwhile.
func (w *waitingProcess) take() *pluginProcess {
	w.mu.Lock()
	defer w.mu.Unlock()
	process := w.process
	w.process = nil
	return process
}

// stop ends the process that waits, and starts no more.
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
