package registry

import (
	"encoding/json"
	"io"
	"net/http"

	"oras.land/oras-go/v2/registry/remote/errcode"
)

// maxErrorBytes limits how much of a refusal's text is read.
const maxErrorBytes = 8 << 10

// responseError is the error for a registry's response. Its text is read in the form of the OCI distribution
// specification, if it has one.
func responseError(response *http.Response) *errcode.ErrorResponse {
	refused := &errcode.ErrorResponse{Method: response.Request.Method, URL: response.Request.URL, StatusCode: response.StatusCode}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxErrorBytes))
	var body struct {
		Errors errcode.Errors `json:"errors"`
	}
	if err == nil && json.Unmarshal(text, &body) == nil {
		refused.Errors = body.Errors
	}
	return refused
}

func hasCode(refused *errcode.ErrorResponse, code string) bool {
	for _, one := range refused.Errors {
		if one.Code == code {
			return true
		}
	}
	return false
}
