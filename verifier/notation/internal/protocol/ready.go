package protocol

// Ready is the first line that serve prints.
type Ready struct {
	Ready bool `json:"ready"`
	Versions
	Plugin PluginVersion `json:"plugin"`
}

// PluginVersion names the Signer plugin in use.
type PluginVersion struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// NotReady is what serve prints instead of Ready when its configuration cannot be used.
type NotReady struct {
	Ready  bool   `json:"ready"`
	File   string `json:"file,omitempty"`
	Detail string `json:"detail"`
}
