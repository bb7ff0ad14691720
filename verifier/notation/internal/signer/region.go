package signer

import "strings"

// pluginConfigRegion is the key in the plugin's configuration for the region in which it verifies and signs: read in
// its source, and inferred (plugin-region) for the version in the image.
const pluginConfigRegion = "aws-region"

// Configuration makes the plugin use the region of a signing profile: it does not take it from the ARN
// (aws-signer-notation-plugin, internal/client).
func Configuration(profile string) map[string]string {
	return map[string]string{pluginConfigRegion: regionOf(profile)}
}

func regionOf(profileVersion string) string {
	parts := strings.SplitN(profileVersion, ":", 5)
	if len(parts) < 5 {
		return ""
	}
	return parts[3]
}
