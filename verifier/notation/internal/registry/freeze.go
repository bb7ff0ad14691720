package registry

import (
	"sync"
	"time"
)

// frozenAfter is the time without activity after which connections count as dead.
const frozenAfter = 10 * time.Second

// idleWatch detects that this process was frozen: Lambda freezes it between two invocations, and meanwhile the other
// ends of its idle connections close, inferred (freeze-ends-connections). The first call on such a connection would
// wait until its time limit.
type idleWatch struct {
	// now is the wall clock; a monotonic clock stops too.
	now  func() time.Time
	wake func()

	mu      sync.Mutex
	working int
	last    time.Time
}

func newIdleWatch(wake func()) *idleWatch {
	return &idleWatch{now: func() time.Time { return time.Now().Round(0) }, wake: wake}
}

// begin notes the start of work, and calls wake if the last work ended long ago; the returned function notes its end.
func (w *idleWatch) begin() (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	// If the clock was set back, it tells nothing.
	if silence := w.now().Sub(w.last); w.working == 0 && !w.last.IsZero() && (silence > frozenAfter || silence < 0) {
		w.wake()
	}
	w.working++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.working--
		w.last = w.now()
	}
}
