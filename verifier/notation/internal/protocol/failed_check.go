package protocol

import "fmt"

// FailedCheck is the check that a signature did not pass.
type FailedCheck struct {
	Check Check
	Fault *Fault
}

// Refuse returns a check that refused the signature, for the reason given by format and values.
func Refuse(check Check, format string, values ...any) *FailedCheck {
	return &FailedCheck{check, &Fault{Kind: KindRefused, Detail: Printable(fmt.Sprintf(format, values...))}}
}
