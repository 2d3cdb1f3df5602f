package openapi_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

func TestRequestsAndRepliesBelongTogether(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		for id, o := range p.operations(t) {
			replies := map[string]bool{}
			for r := range o.replies() {
				replies[r.key] = true
			}
			require.Equal(t, sorted(o.requestKeys()), sorted(replies), id)
			for key := range replies {
				require.NotEmpty(t, o.extension.Examples[key].Statements, "%s %s is about no statement", id, key)
			}
		}
	})
}

func TestReplyExamplesSatisfyTheirSchema(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		count := 0
		for id, o := range p.operations(t) {
			for r := range o.replies() {
				require.NoError(t, r.schema.VisitJSON(r.value), "%s %s %s", id, r.status, r.key)
				count++
			}
		}
		require.Greater(t, count, 100)
	})
}

// A schema that every reply satisfies would make the test above worthless.
func TestReplySchemasRefuseWrongReplies(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		for id, o := range p.operations(t) {
			for r := range o.replies() {
				require.Error(t, r.schema.VisitJSON("text"), "%s %s", id, r.status)
				wrong := map[string]any{}
				if attached := regexp.MustCompile(`^(attach|get)(AWS|AZURE|GCP)Endpoint$`); attached.MatchString(o.OperationID) {
					wrong["deleteRequested"] = "text" // they may lack any member
				}
				if _, list := unwrapped(r.value).([]any); !list && !strings.HasPrefix(o.OperationID, "delete") {
					require.Error(t, r.schema.VisitJSON(wrong), "%s %s", id, r.status)
				}
				both := map[string]any{"status": 200.0, "envelope": unwrapped(r.value), "content": unwrapped(r.value)}
				require.Error(t, r.schema.VisitJSON(both), "%s %s", id, r.status)
			}
		}
	})
}

// An accepted request satisfies its schemas. A rejected one breaks one of them,
// or its scenario or statements say what else is wrong.
func TestRequestExamplesAreRightOrWrongAsDocumented(t *testing.T) {
	// What is wrong with these no schema can tell.
	beyond := map[string]bool{
		"unknown-project": true, "unknown-service": true, "unknown-endpoint": true,
		"unknown-region": true, "aws-foreign-region": true, "azure-foreign-region": true, "gcp-foreign-region": true,
	}
	eachProfile(t, func(t *testing.T, p profile) {
		for id, o := range p.operations(t) {
			accepted := o.accepted()
			for key := range o.requestKeys() {
				problem := requestProblem(o, key)
				switch scenario := o.extension.Examples[key]; {
				case accepted[key]:
					require.NoError(t, problem, "%s %s", id, key)
				case !scenario.explained() && !beyond[key]:
					require.Error(t, problem, "%s %s", id, key)
				}
			}
		}
	})
}

func requestProblem(o operation, key string) error {
	if schema, examples := o.body(); examples[key] != nil {
		if err := schema.VisitJSON(examples[key].Value.Value); err != nil {
			return err
		}
	}
	for _, parameter := range o.parameters {
		if example := parameter.Examples[key]; example != nil {
			if err := parameter.Schema.Value.VisitJSON(example.Value.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

func TestRequiredParametersHaveAnExample(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		for id, o := range p.operations(t) {
			for _, parameter := range o.parameters {
				if parameter.Required {
					schema := parameter.Schema.Value
					require.NoError(t, schema.VisitJSON(schema.Example), "%s %s", id, parameter.Name)
				}
			}
		}
	})
}

func TestConstantMembersAreInEveryReplyOfTheKey(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		for id, o := range p.operations(t) {
			for r := range o.replies() {
				object, _ := unwrapped(r.value).(map[string]any)
				for _, pointer := range o.extension.Examples[r.key].Constant {
					require.Contains(t, object, strings.TrimPrefix(pointer, "/"), "%s %s %s", id, r.status, r.key)
				}
			}
		}
	})
}

func TestWhatIsGivenIsAnAcceptedExample(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		operations := p.operations(t)
		for id, o := range operations {
			for key, scenario := range o.extension.Examples {
				for _, given := range scenario.Given {
					before, givenKey, _ := strings.Cut(given, "/")
					require.Contains(t, operations, before, "%s %s", id, key)
					require.Contains(t, operations[before].accepted(), givenKey, "%s %s", id, key)
				}
			}
		}
	})
}

// Services that are made at the same time must not be in each other's way (L7).
func TestAcceptedCreatesAreEachInARegionOfTheirOwn(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		o := p.operations(t)["createPrivateEndpointService"]
		forms := regions(t, p.doc)
		taken := map[string]string{}
		_, examples := o.body()
		for key := range o.accepted() {
			if key == "recreated" { // the region of one that is gone
				continue
			}
			request := examples[key].Value.Value.(map[string]any)
			region := forms[request["providerName"].(string)][request["region"].(string)]
			require.NotEmpty(t, region, "%s names a region that is not known", key)
			place := request["providerName"].(string) + " " + region
			require.NotContains(t, taken, place, key)
			taken[place] = key
		}
	})
}

// The reply to a create names the provider and region asked for (S4), and is
// the one that the page shows where the key says so.
func TestCreatedServicesMatchTheirRequest(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		o := p.operations(t)["createPrivateEndpointService"]
		forms := regions(t, p.doc)
		_, examples := o.body()
		for r := range o.replies() {
			if !strings.HasPrefix(r.status, "2") {
				continue
			}
			request := examples[r.key].Value.Value.(map[string]any)
			provider := request["providerName"].(string)
			service := unwrapped(r.value).(map[string]any)
			ref := strings.TrimPrefix(o.extension.Selects.Schemas[provider], "#/components/schemas/")
			require.NoError(t, p.doc.Components.Schemas[ref].Value.VisitJSON(service), r.key)
			if p.name == "documented" {
				require.NotContains(t, service, "regionName", "the v1.0 page does not have it")
				continue
			}
			require.Equal(t, provider, service["cloudProvider"], r.key)
			require.Equal(t, forms[provider][request["region"].(string)], service["regionName"], r.key)
		}
	})
}

// regions are the Atlas names of the known regions, by provider and by each of
// their forms.
func regions(t *testing.T, doc *openapi3.T) map[string]map[string]string {
	t.Helper()
	region := doc.Components.Schemas["CreateServiceRequest"].Value.Properties["region"].Value
	data, err := json.Marshal(region.Extensions["x-conformance"])
	require.NoError(t, err)
	var ext struct {
		Known struct {
			Values map[string][][]string `json:"values"`
		} `json:"known"`
	}
	require.NoError(t, json.Unmarshal(data, &ext))
	out := map[string]map[string]string{}
	for provider, groups := range ext.Known.Values {
		out[provider] = map[string]string{}
		for _, group := range groups {
			require.Len(t, group, 2, "the native name and that of Atlas")
			for _, form := range group {
				require.NotContains(t, out[provider], form)
				out[provider][form] = group[1]
			}
		}
	}
	return out
}

// This is the page's own sample (O1, S1).
func TestThePagesOwnExample(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		o := p.operations(t)["createPrivateEndpointService"]
		_, examples := o.body()
		require.Equal(t, map[string]any{"providerName": "AWS", "region": "us-east-1"}, examples["page"].Value.Value)
		for r := range o.replies() {
			if r.key != "page" {
				continue
			}
			service := r.value.(map[string]any)
			require.Equal(t, "WAITING_FOR_USER", service["status"])
			require.Equal(t, "5f7cac1adf5d6c6306f4b283", service["id"])
			require.Empty(t, service["endpointServiceName"])
		}
	})
}
