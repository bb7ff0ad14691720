package registry

import (
	"encoding/json"
	"io"
	"net/http"

	"oras.land/oras-go/v2/registry/remote/errcode"
)

// maxErrorBytes bounds what is read of the text of a refusal.
const maxErrorBytes = 8 << 10

// responseError is the error that a registry's answer stands for; its text is read as the OCI distribution specification
// has it, where there is one.
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
