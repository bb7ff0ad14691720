package hostport_test

import (
	"fmt"

	"ecs-image-verification/verifier/notation/internal/hostport"
)

func ExampleWithPort() {
	fmt.Println(hostport.WithPort("registry.example", "https"))
	fmt.Println(hostport.WithPort("registry.example", "http"))
	fmt.Println(hostport.WithPort("registry.example:5000", "https"))
	// Output:
	// registry.example:443
	// registry.example:80
	// registry.example:5000
}
