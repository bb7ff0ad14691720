package protocol

import "runtime/debug"

// Version of this program, that of the package.
const Version = "0.1.0"

// Versions are the versions of this program's parts.
type Versions struct {
	Verifier   string `json:"verifier"`
	NotationGo string `json:"notationGo"`
	OrasGo     string `json:"orasGo"`
	Go         string `json:"go"`
}

// ReadVersions reads them from this executable.
func ReadVersions() Versions {
	v := Versions{Verifier: Version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	for _, module := range info.Deps {
		switch module.Path {
		case "github.com/notaryproject/notation-go":
			v.NotationGo = module.Version
		case "oras.land/oras-go/v2":
			v.OrasGo = module.Version
		}
	}
	return v
}
