package verification

import (
	"slices"
	"sync"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// progress has the results of a request so far. At the deadline, an unfinished request is answered with them.
type progress struct {
	mu       sync.Mutex
	result   protocol.Result
	examined []*examined
}

// newProgress starts a request.
func newProgress(request protocol.Request) *progress {
	return &progress{result: protocol.Result{ID: request.ID, Reference: request.Reference, Outcome: protocol.OutcomeFailed}}
}

func (p *progress) note(change func(*protocol.Result)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.result)
}

// expect makes room for this many more signatures, and returns the place of the first.
func (p *progress) expect(count int) (first int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first = len(p.examined)
	p.examined = append(p.examined, make([]*examined, count)...)
	return first
}

func (p *progress) add(place int, one *examined) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.examined[place] = one
}

// settle adds Signer's answer to all signatures of a group.
func (p *progress) settle(one *group, failed *protocol.FailedCheck) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, member := range one.members {
		member.settle(failed)
	}
}

// leaveOut removes signatures from the result that the statement no longer needs.
func (p *progress) leaveOut(isUnneeded func(protocol.SignatureFact) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.examined {
		if one != nil && !one.unneeded {
			one.unneeded = isUnneeded(one.current())
		}
	}
}

// markRemembered marks all signatures so far as remembered, and returns them.
func (p *progress) markRemembered() []protocol.SignatureFact {
	p.mu.Lock()
	defer p.mu.Unlock()
	var facts []protocol.SignatureFact
	for _, one := range p.examined {
		if one != nil {
			one.fact.Remembered = true
			facts = append(facts, one.current())
		}
	}
	return facts
}

// isComplete reports whether every expected signature has been examined.
func (p *progress) isComplete() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !slices.Contains(p.examined, nil)
}

// Result returns the results so far, signatures in the order in which they were tried. Signatures without any result are
// left out; those that Signer has not answered about yet count as still waiting for it.
func (p *progress) Result() protocol.Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	result := p.result
	result.Signatures = []protocol.SignatureFact{}
	for _, one := range p.examined {
		if one != nil && !one.unneeded {
			result.Signatures = append(result.Signatures, one.current())
		}
	}
	return result
}

// Failed returns the results so far, and why they are incomplete.
func (p *progress) Failed(stage protocol.Stage, fault *protocol.Fault) protocol.Result {
	result := p.Result()
	fault.Stage = stage
	result.Outcome, result.Error = protocol.OutcomeFailed, fault
	return result
}
