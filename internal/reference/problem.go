package reference

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// problem is an error reply of the API (E1). It is an error only so that an
// operation can return it through the generated interface.
type problem struct {
	status     int
	code       string
	detail     string
	parameters []string
}

// Error makes a problem an error; the text is the one that the client reads.
func (p *problem) Error() string { return p.code + ": " + p.detail }

// errorBody is a problem on the wire. The members are in the order of the
// recorded replies.
type errorBody struct {
	Detail     string   `json:"detail"`
	Error      int      `json:"error"`
	ErrorCode  string   `json:"errorCode"`
	Parameters []string `json:"parameters"`
	Reason     string   `json:"reason"`
}

// reply is the problem as an answer.
func (p *problem) reply() *reply {
	out := newReply()
	p.writeTo(out)
	return out
}

func (p *problem) writeTo(out *reply) {
	parameters := p.parameters
	if parameters == nil {
		parameters = []string{}
	}
	out.json(p.status, errorBody{
		Detail: p.detail, Error: p.status, ErrorCode: p.code,
		Parameters: parameters, Reason: http.StatusText(p.status),
	})
}

// clip makes a value of the request fit to be quoted in a reply: valid, short.
func clip(value string) string {
	const longest = 64
	value = strings.ToValidUTF8(value, "\uFFFD")
	if len(value) <= longest {
		return value
	}
	cut := longest
	for !utf8.RuneStart(value[cut]) {
		cut--
	}
	return value[:cut] + "…"
}

// quote is a clipped value in quotation marks, control characters escaped.
func quote(value string) string { return strconv.Quote(clip(value)) }

// The problems of the API. Codes are the vendor's own (E6), but for the three
// statuses that no document gives a code: 405, 413 and 415. The sentences are
// ours.

func unknownResource() *problem {
	return &problem{http.StatusNotFound, "RESOURCE_NOT_FOUND", "There is no resource at this path.", nil}
}

func methodNotAllowed(method string) *problem {
	return &problem{
		http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
		"This resource has no method " + quote(method) + "; the Allow header lists those it has.",
		[]string{clip(method)},
	}
}

func malformedID(name, value string) *problem {
	return &problem{
		http.StatusBadRequest, "PATH_PARAM_PARSE_ERROR",
		"The path parameter " + name + " is " + quote(value) + ", not 24 lower-case hex digits.",
		[]string{name},
	}
}

func unknownProvider(value string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_PATH_PARAMETER",
		"The path parameter cloudProvider is " + quote(value) + ", which is no provider.",
		[]string{"cloudProvider"},
	}
}

func unknownProject(id string) *problem {
	return &problem{http.StatusNotFound, "GROUP_NOT_FOUND", "There is no project " + id + ".", []string{id}}
}

func notInProject() *problem {
	return &problem{http.StatusUnauthorized, "NOT_IN_GROUP", "This API key has no role in the project.", nil}
}

func forbidden() *problem {
	return &problem{
		http.StatusForbidden, "ACCESS_FORBIDDEN",
		"This API key may read the project, but not change it.", nil,
	}
}

func badQuery(name, detail string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_QUERY_PARAMETER",
		"The query parameter " + name + " " + detail + ".",
		[]string{name},
	}
}

func notJSON(detail string) *problem {
	return &problem{http.StatusBadRequest, "INVALID_JSON", "The request body " + detail + ".", nil}
}

func missingAttribute(name string) *problem {
	return &problem{
		http.StatusBadRequest, "MISSING_ATTRIBUTE",
		"The request body lacks the attribute " + name + ".",
		[]string{name},
	}
}

func unknownAttribute(name string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_ATTRIBUTE",
		"The request body has the unknown attribute " + quote(name) + ".",
		[]string{clip(name)},
	}
}

func wrongType(name, want string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_JSON_ATTRIBUTE",
		"The attribute " + name + " is not " + want + ".",
		[]string{name},
	}
}

func noProvider(value string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_ENUM_VALUE",
		"The attribute providerName is " + quote(value) + ", which is no provider.",
		[]string{clip(value)},
	}
}

func unknownRegion(provider, region string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_REGION",
		"Provider " + provider + " has no region " + quote(region) + ".",
		[]string{clip(region), provider},
	}
}

func wrongMediaType(value string) *problem {
	return &problem{
		http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
		"The request body is declared as " + quote(value) + ", not as JSON.",
		[]string{clip(value)},
	}
}

func bodyTooLarge() *problem {
	return &problem{http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "The request body is larger than 1 MiB.", nil}
}

func bodyTooSlow() *problem {
	return &problem{http.StatusRequestTimeout, "REQUEST_TIMEOUT", "The request body did not arrive in time.", nil}
}

func serviceExists(p place) *problem {
	return &problem{
		http.StatusConflict, "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION",
		"The project already has a private endpoint service of " + p.Provider + " in region " + p.Region + ".",
		[]string{p.Provider, p.Region},
	}
}

func unknownService(id string) *problem {
	return &problem{
		http.StatusNotFound, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND",
		"There is no private endpoint service " + id + " of this provider in the project.",
		[]string{id},
	}
}

func badAttribute(name, value, want string) *problem {
	return &problem{
		http.StatusBadRequest, "INVALID_ATTRIBUTE",
		"The attribute " + name + " is " + quote(value) + ", not " + want + ".",
		[]string{name},
	}
}

func malformedEndpoint(id string) *problem {
	return &problem{
		http.StatusNotFound, "PRIVATELINK_INTERFACE_ENDPOINT_ID_MALFORMED",
		"The id " + quote(id) + " is not vpce- followed by letters and digits.",
		[]string{clip(id)},
	}
}

func unknownEndpoint(id string) *problem {
	return &problem{
		http.StatusNotFound, "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND",
		"The private endpoint service has no endpoint " + quote(id) + ".",
		[]string{clip(id)},
	}
}

func endpointExists(id string) *problem {
	return &problem{
		http.StatusConflict, "PRIVATELINK_INTERFACE_ENDPOINT_ALREADY_EXISTS",
		"The private endpoint service already has the endpoint " + quote(id) + ".",
		[]string{clip(id)},
	}
}

func cannotAccept(service string) *problem {
	return &problem{
		http.StatusConflict, "PRIVATELINK_CANNOT_ACCEPT_ENDPOINTS",
		"The private endpoint service " + service + " is not ready for endpoints.",
		[]string{service},
	}
}

func hasEndpoints(service string) *problem {
	return &problem{
		http.StatusConflict, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS",
		"The private endpoint service " + service + " has endpoints; remove those first.",
		nil,
	}
}

// unexpected is the reply when the server itself is at fault, such as a disk
// that is full. No input leads here (E5). The cause stays out of it (E2).
func unexpected() *problem {
	return &problem{http.StatusInternalServerError, "UNEXPECTED_ERROR", "The server could not complete this request.", nil}
}
