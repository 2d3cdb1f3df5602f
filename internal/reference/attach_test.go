package reference

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestB4B5B6BodiesOfAttach(t *testing.T) {
	t.Parallel()
	b := newBench(t, observed)
	for _, a := range attachments() {
		service := b.ready(a)
		for change, want := range map[string]struct {
			status int
			code   string
		}{
			`{}`:             {400, "MISSING_ATTRIBUTE"},
			`[]`:             {400, "INVALID_JSON"},
			``:               {400, "INVALID_JSON"},
			a.body + `x`:     {400, "INVALID_JSON"},
			`{"colour":1}`:   {400, "INVALID_ATTRIBUTE"},
			with(a, `,"a":`): {400, "INVALID_ATTRIBUTE"},
		} {
			refused(t, b.ask("POST", endpointsPath(projectA, a.provider, service), change), want.status, want.code)
		}
		refused(t, b.as("reader", "readerkey", "POST", endpointsPath(projectA, a.provider, service), a.body), 403, "ACCESS_FORBIDDEN")
		require.Empty(t, b.get(projectA, a.provider, service).object(t)[a.list])
	}
}

// with is the body with one more member.
func with(a attachment, member string) string { return strings.TrimSuffix(a.body, "}") + member + "1}" }

func TestB6ValuesOfAttach(t *testing.T) {
	t.Parallel()
	b := newBench(t, observed)
	ready := map[string]string{}
	for _, a := range attachments() {
		ready[a.provider] = b.ready(a)
	}
	azureBody := func(id, ip string) string { return `{"id":` + id + `,"privateEndpointIPAddress":` + ip + `}` }
	group := func(name, project, endpoints string) string {
		return `{"endpointGroupName":` + name + `,"gcpProjectId":` + project + `,"endpoints":` + endpoints + `}`
	}
	const member = `{"endpointName":"e","ipAddress":"10.0.0.4"}`
	for _, c := range []struct{ provider, body, code string }{
		{"AWS", `{"id":1}`, "INVALID_JSON_ATTRIBUTE"},
		{"AWS", `{"id":null}`, "INVALID_JSON_ATTRIBUTE"},
		{"AWS", `{"id":"vpce-1","privateEndpointIPAddress":"10.0.0.4"}`, "INVALID_ATTRIBUTE"},
		{"AZURE", azureBody(`"`+resourceID+`"`, `null`), "INVALID_JSON_ATTRIBUTE"},
		{"AZURE", azureBody(`"vpce-1"`, `"10.0.0.4"`), "INVALID_ATTRIBUTE"},
		{"AZURE", azureBody(`"`+resourceID+`/more"`, `"10.0.0.4"`), "INVALID_ATTRIBUTE"},
		{"AZURE", azureBody(`"`+resourceID+`"`, `"10.0.0"`), "INVALID_ATTRIBUTE"},
		{"AZURE", azureBody(`"`+resourceID+`"`, `"::1"`), "INVALID_ATTRIBUTE"},
		{"AZURE", `{"id":"` + resourceID + `"}`, "MISSING_ATTRIBUTE"},
		{"GCP", group(`"G_1"`, `"p-network"`, `[`+member+`]`), "INVALID_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p"`, `[`+member+`]`), "INVALID_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `[]`), "INVALID_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `{}`), "INVALID_JSON_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `[`+strings.Repeat(member+",", mostMembers)+member+`]`), "INVALID_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `[1]`), "INVALID_JSON"},
		{"GCP", group(`"g"`, `"p-network"`, `[{"endpointName":"e"}]`), "MISSING_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `[{"endpointName":"E_","ipAddress":"10.0.0.4"}]`), "INVALID_ATTRIBUTE"},
		{"GCP", group(`"g"`, `"p-network"`, `[{"endpointName":"e","ipAddress":"10"}]`), "INVALID_ATTRIBUTE"},
	} {
		refused(t, b.ask("POST", endpointsPath(projectA, c.provider, ready[c.provider]), c.body), 400, c.code)
	}
	refused(t, b.ask("POST", endpointsPath(projectA, "AWS", ready["AWS"]), `{"id":"eni-1"}`), 404, "PRIVATELINK_INTERFACE_ENDPOINT_ID_MALFORMED")
}
