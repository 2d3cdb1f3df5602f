package fault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/openapi"
)

// unbreakable are the statements without a fault: S7 allows, B9 leaves open,
// and L10 is about the real service.
func unbreakable() []string { return []string{"S7", "B9", "L10"} }

func load(t *testing.T) *spec.Contract {
	t.Helper()
	c, err := spec.Load(spec.Source{
		Name: "private-endpoint.yaml", Data: openapi.Document(),
		Overlays: []spec.Overlay{{Name: "observed.overlay.yaml", Data: openapi.Overlay()}},
	})
	require.NoError(t, err)
	return c
}

func TestEveryFaultIsDescribed(t *testing.T) {
	t.Parallel()
	contract := load(t)
	var known []string
	for _, check := range checks.All() {
		known = append(known, check.Name)
	}
	word := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, f := range fault.All() {
		require.Regexp(t, word, f.Name)
		require.False(t, seen[f.Name], "%s: the name is there twice", f.Name)
		seen[f.Name] = true
		require.Regexp(t, `^[A-Z].*\.$`, f.Doc, "%s: the doc is no sentence", f.Name)
		_, ok := contract.Statement(f.Statement)
		require.True(t, ok, "%s: there is no statement %s", f.Name, f.Statement)
		require.NotEmpty(t, f.Checks, f.Name)
		for _, check := range f.Checks {
			require.Contains(t, known, check, f.Name)
		}
	}
	require.GreaterOrEqual(t, len(seen), 150)
}

func TestEveryStatementIsBroken(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for _, f := range fault.All() {
		broken[f.Statement] = true
	}
	var whole []string
	for _, s := range load(t).Statements {
		// Flags as such (P3, P4) are broken by the faults of F1 to F7.
		if !broken[s.ID] && !slices.Contains(unbreakable(), s.ID) && s.ID != "P3" && s.ID != "P4" {
			whole = append(whole, s.ID)
		}
	}
	require.Empty(t, whole, "statements that no fault breaks")
}

const project = "5f7cac1adf5d6c6306f4b283"

// client asks a faulted server over the network.
type client struct {
	*http.Client
	base string
}

func serve(t *testing.T, name string) client {
	t.Helper()
	f, ok := fault.Named(name)
	require.True(t, ok, name)
	server, err := f.Server(reference.Options{
		Projects:    []string{project},
		Credentials: map[string]reference.Credential{"pub": {Key: "priv", Roles: map[string]reference.Role{project: reference.Owner}}},
		Ready:       time.Hour, Delete: time.Hour,
	})
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return client{
		&http.Client{Transport: &digest.Transport{Username: "pub", Password: "priv"}},
		listener.URL + "/api/atlas/v1.0/groups/" + project,
	}
}

func (c client) ask(t *testing.T, method, path, body string) (status int, reply string, header http.Header) {
	t.Helper()
	request, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text), response.Header
}

func TestFaultsShowOnTheWire(t *testing.T) {
	t.Parallel()
	const (
		collection = "/privateEndpoint/endpointService"
		ofAWS      = "/privateEndpoint/AWS/endpointService"
		aws        = `{"providerName":"AWS","region":"us-east-1"}`
	)
	tests := []struct {
		fault, method, path, body string
		status                    int
		like                      string
	}{
		{"envelope-called-data", "GET", ofAWS + "?envelope=true", "", 200, `^\{"data":\[\],"status":200\}$`},
		{"pretty-ignored", "GET", ofAWS + "?pretty=true&envelope=true", "", 200, `^\{"status":200,"envelope":\[\]\}$`},
		{"aws-endpoints-null", "POST", collection, aws, 201, `"interfaceEndpoints":null`},
		{"aws-endpoints-null", "POST", collection + "?envelope=true&pretty=true", aws, 201, "\n    \"interfaceEndpoints\": null"},
		{"azure-endpoints-null", "POST", collection, aws, 201, `"interfaceEndpoints":\[\]`},
		{"ends-with-a-newline", "GET", ofAWS, "", 200, `^\[\]\n$`},
		{"unknown-member-ignored", "POST", collection, `{"providerName":"AWS","region":"us-east-1","x":1}`, 201, `"INITIATING"`},
		{"trailing-data-ignored", "POST", collection, aws + "x", 201, `"INITIATING"`},
		{"native-region-refused", "POST", collection, aws, 400, `INVALID_REGION`},
		{"provider-in-small-letters-accepted", "GET", "/privateEndpoint/aws/endpointService", "", 200, `^\[\]$`},
		{"flag-of-nonsense-is-true", "GET", ofAWS + "?envelope=maybe", "", 200, `^\{"status":200,"envelope":\[\]\}$`},
		{"error-number-always-400", "GET", ofAWS + "/" + project, "", 404, `"error":400`},
		{"unknown-service-deleted", "DELETE", ofAWS + "/" + project, "", 202, `^\{\}$`},
		{"method-without-allow", "PUT", ofAWS, "", 405, `METHOD_NOT_ALLOWED`},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			status, reply, _ := serve(t, test.fault).ask(t, test.method, test.path, test.body)
			require.Equal(t, test.status, status, reply)
			require.Regexp(t, test.like, reply)
		})
	}
}

func TestFaultsRemember(t *testing.T) {
	t.Parallel()
	const aws = `{"providerName":"AWS","region":"us-east-1"}`
	tests := []struct {
		fault    string
		statuses []int // of two creates of the same, one after the other
	}{
		{"duplicates-allowed", []int{201, 201}},
		{"duplicates-while-initiating", []int{201, 201}},
		{"duplicates-once-ready", []int{201, 409}},
		{"duplicates-by-spelling-allowed", []int{201, 409}},
		{"duplicate-gets-400", []int{201, 400}},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			c := serve(t, test.fault)
			for _, want := range test.statuses {
				status, reply, _ := c.ask(t, "POST", "/privateEndpoint/endpointService", aws)
				require.Equal(t, want, status, reply)
			}
		})
	}
}

func TestChallengeFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ fault, want string }{
		{"challenge-without-domain", `^Digest realm="MMS Public API", nonce="`},
		{"challenge-with-opaque", `, opaque="[0-9a-f]+", stale=false$`},
		{"challenge-of-another-realm", `^Digest realm="Atlas API", domain=""`},
		{"nonce-constant", `nonce="6Zl7ZW5vbmNlZm9yZXZlcm9uZQ=="`},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			c := serve(t, test.fault)
			response, err := http.Get(c.base + "/privateEndpoint/AWS/endpointService")
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, 401, response.StatusCode)
			require.Regexp(t, test.want, response.Header.Get("WWW-Authenticate"))
			status, reply, _ := c.ask(t, "GET", "/privateEndpoint/AWS/endpointService", "")
			require.Equal(t, 200, status, reply)
		})
	}
}
