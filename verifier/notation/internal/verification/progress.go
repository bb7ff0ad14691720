package verification

import (
	"sync"

	"ecs-image-verification/verifier/notation/internal/protocol"
)

// progress is what is known of a request so far. A request that is not done at its deadline is answered with it.
type progress struct {
	mu       sync.Mutex
	result   protocol.Result
	examined []*examined
}

// newProgress begins a request.
func newProgress(request protocol.Request) *progress {
	return &progress{result: protocol.Result{ID: request.ID, Reference: request.Reference, Outcome: protocol.OutcomeFailed}}
}

func (p *progress) note(change func(*protocol.Result)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.result)
}

// expect makes room for so many signatures.
func (p *progress) expect(count int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.examined = make([]*examined, count)
}

func (p *progress) add(place int, one *examined) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.examined[place] = one
}

// settle gives all signatures of a group their answer.
func (p *progress) settle(one *group, failed *protocol.FailedCheck) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, member := range one.members {
		member.settle(failed)
	}
}

// Result gives what is known, signatures in the registry's order. Those that nothing is known of are left out;
// those that Signer has not answered about yet have so far waited for it in vain.
func (p *progress) Result() protocol.Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	result := p.result
	result.Signatures = []protocol.SignatureFact{}
	for _, one := range p.examined {
		if one != nil {
			result.Signatures = append(result.Signatures, one.current())
		}
	}
	return result
}

// Failed gives what is known, and why it is not more.
func (p *progress) Failed(stage protocol.Stage, fault *protocol.Fault) protocol.Result {
	result := p.Result()
	fault.Stage = stage
	result.Outcome, result.Error = protocol.OutcomeFailed, fault
	return result
}
