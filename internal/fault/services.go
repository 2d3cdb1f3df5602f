package fault

import (
	"fmt"
	"strings"
)

// awsFaults are those of the members of an AWS service (S1).
func awsFaults() []Fault {
	aws := of("AWS")
	return []Fault{
		{
			Name: "aws-without-error-message", Statement: "S1", Checks: by("body"),
			Doc: "A service of AWS without an error has no errorMessage.", plant: items(without("errorMessage"), aws),
		},
		{
			Name: "aws-without-error-message-in-lists", Statement: "S1", Checks: by("body"),
			Doc: "Services of AWS in lists have no errorMessage.", plant: items(without("errorMessage"), aws, acts(list)),
		},
		{
			Name: "aws-without-name", Statement: "S1", Checks: by("body"),
			Doc:   "A service of AWS has no endpointServiceName until it has one.",
			plant: items(where("endpointServiceName", nil, without("endpointServiceName")), aws),
		},
		{
			Name: "aws-without-endpoints", Statement: "S1", Checks: by("body"),
			Doc: "A new service of AWS has no interfaceEndpoints.", plant: items(without("interfaceEndpoints"), aws, acts(create)),
		},
		{
			Name: "aws-endpoints-null", Statement: "S1", Checks: by("body"),
			Doc: "Empty interfaceEndpoints are null.", plant: items(hollow("interfaceEndpoints", nil), aws),
		},
		{
			Name: "aws-endpoints-null-in-lists", Statement: "S1", Checks: by("body"),
			Doc: "In lists, empty interfaceEndpoints are null.", plant: items(hollow("interfaceEndpoints", nil), aws, acts(list)),
		},
		{
			Name: "aws-endpoints-an-object", Statement: "S1", Checks: by("body"),
			Doc: "Empty interfaceEndpoints are an object.", plant: items(hollow("interfaceEndpoints", map[string]any{}), aws),
		},
		{
			Name: "aws-status-missing-once-deleted", Statement: "S1", Checks: by("body"),
			Doc: "A service of AWS that is being deleted has no status.", plant: items(where("status", "DELETING", without("status")), aws),
		},
		{
			Name: "aws-error-message-a-list", Statement: "S1", Checks: by("body"),
			Doc: "The errorMessage is a list of messages.", plant: items(with("errorMessage", []any{}), aws),
		},
		{
			Name: "aws-error-message-empty", Statement: "S1", Checks: by("lifecycle body example"),
			Doc: "The errorMessage is empty where it ought to be null.", plant: items(where("errorMessage", nil, with("errorMessage", "")), aws),
		},
		{
			Name: "aws-error-message-none", Statement: "S1", Checks: by("lifecycle body example"),
			Doc: "The errorMessage of a service without an error is the word None.", plant: items(where("errorMessage", nil, with("errorMessage", "None")), aws),
		},
		{
			Name: "aws-name-a-list", Statement: "S1", Checks: by("body"),
			Doc: "The endpointServiceName of a ready service is a list.",
			plant: items(func(m map[string]any) {
				if name := m["endpointServiceName"]; name != nil {
					m["endpointServiceName"] = []any{name}
				}
			}, aws),
		},
	}
}

// azureFaults are those of the members of an Azure service (S2).
func azureFaults() []Fault {
	azure := of("AZURE")
	return []Fault{
		{
			Name: "azure-without-error-message", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "A service of AZURE has no errorMessage.", plant: items(without("errorMessage"), azure),
		},
		{
			Name: "azure-without-resource", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "A service of AZURE has no privateLinkServiceResourceId.", plant: items(without("privateLinkServiceResourceId"), azure),
		},
		{
			Name: "azure-without-resource-at-first", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "The reply to a create of AZURE has no privateLinkServiceResourceId.", plant: items(without("privateLinkServiceResourceId"), azure, acts(create)),
		},
		{
			Name: "azure-resource-in-capitals", Statement: "S2", Checks: by("body selected-schema"),
			Doc:   "The resource id of AZURE is called privateLinkServiceResourceID.",
			plant: items(renamed("privateLinkServiceResourceId", "privateLinkServiceResourceID"), azure),
		},
		{
			Name: "azure-endpoints-null", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "Empty privateEndpoints are null.", plant: items(hollow("privateEndpoints", nil), azure),
		},
		{
			Name: "azure-endpoints-missing-in-lists", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "Services of AZURE in lists have no privateEndpoints.", plant: items(without("privateEndpoints"), azure, acts(list)),
		},
		{
			Name: "azure-endpoints-of-aws", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "The endpoints of AZURE are called interfaceEndpoints.", plant: items(renamed("privateEndpoints", "interfaceEndpoints"), azure),
		},
		{
			Name: "azure-name-of-aws", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "The name of an AZURE service is called endpointServiceName.", plant: items(renamed("privateLinkServiceName", "endpointServiceName"), azure),
		},
		{
			Name: "azure-name-a-number", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "The privateLinkServiceName is a number until it is a name.", plant: items(where("privateLinkServiceName", nil, with("privateLinkServiceName", 0)), azure),
		},
		{
			Name: "azure-error-message-false", Statement: "S2", Checks: by("body selected-schema"),
			Doc: "The errorMessage of AZURE is false where there is none.", plant: items(where("errorMessage", nil, with("errorMessage", false)), azure),
		},
	}
}

// asAWS is a service of AZURE in the shape of one of AWS.
func asAWS(m map[string]any) {
	renamed("privateLinkServiceName", "endpointServiceName")(m)
	renamed("privateEndpoints", "interfaceEndpoints")(m)
	delete(m, "privateLinkServiceResourceId")
	if m["status"] == "AVAILABLE" {
		m["status"] = "WAITING_FOR_USER"
	}
}

// asAzure is the other way round.
func asAzure(m map[string]any) {
	renamed("endpointServiceName", "privateLinkServiceName")(m)
	renamed("interfaceEndpoints", "privateEndpoints")(m)
	m["privateLinkServiceResourceId"] = nil
	if m["status"] == "WAITING_FOR_USER" {
		m["status"] = "AVAILABLE"
	}
}

// shapeFaults are those of which shape a reply has, and of its states (S3, S5).
func shapeFaults() []Fault {
	state := func(from, to string, conds ...cond) plant {
		return items(where("status", from, with("status", to)), conds...)
	}
	return []Fault{
		{
			Name: "azure-in-the-shape-of-aws", Statement: "S3", Checks: by("selected-schema body"),
			Doc: "Services of AZURE have the shape of AWS.", plant: items(asAWS, of("AZURE")),
		},
		{
			Name: "azure-created-in-the-shape-of-aws", Statement: "S3", Checks: by("selected-schema body"),
			Doc: "The reply to a create of AZURE has the shape of AWS; reads are right.", plant: items(asAWS, of("AZURE"), acts(create)),
		},
		{
			Name: "aws-in-the-shape-of-azure", Statement: "S3", Checks: by("selected-schema body"),
			Doc: "The reply to a create of AWS has the shape of AZURE.", plant: items(asAzure, of("AWS"), acts(create)),
		},
		{
			Name: "aws-listed-in-the-shape-of-azure", Statement: "S3", Checks: by("selected-schema body read-back"),
			Doc: "The list of AWS has the shape of AZURE.", plant: items(asAzure, of("AWS"), acts(list)),
		},
		{
			Name: "aws-read-in-the-shape-of-azure", Statement: "S3", Checks: by("selected-schema body read-back"),
			Doc: "A get of a service of AWS has the shape of AZURE.", plant: items(asAzure, of("AWS"), acts(get)),
		},
		{
			Name: "shape-in-another-member", Statement: "S3", Checks: by("body selected-schema"),
			Doc: "What depends on the provider is in a member of its own.",
			plant: items(func(m map[string]any) {
				inner := map[string]any{}
				for _, name := range []string{"endpointServiceName", "interfaceEndpoints", "privateLinkServiceName", "privateLinkServiceResourceId", "privateEndpoints"} {
					if v, there := m[name]; there {
						inner[name] = v
						delete(m, name)
					}
				}
				m["details"] = inner
			}),
		},
		{
			Name: "status-in-small-letters", Statement: "S5", Checks: by("body"),
			Doc: "The status is in lower case.",
			plant: items(func(m map[string]any) {
				m["status"] = strings.ToLower(fmt.Sprint(m["status"]))
			}),
		},
		{
			Name: "status-pending", Statement: "S5", Checks: by("body"),
			Doc: "A service that is being created is PENDING.", plant: state("INITIATING", "PENDING"),
		},
		{
			Name: "status-active", Statement: "S5", Checks: by("body"),
			Doc: "A ready service of AWS is ACTIVE.", plant: state("WAITING_FOR_USER", "ACTIVE", of("AWS")),
		},
		{
			Name: "azure-waits-for-user", Statement: "S5", Checks: by("body lifecycle selected-schema"),
			Doc: "A ready service of AZURE is WAITING_FOR_USER.", plant: state("AVAILABLE", "WAITING_FOR_USER", of("AZURE")),
		},
		{
			Name: "status-deleted", Statement: "S5", Checks: by("body"),
			Doc: "A service that is being deleted is DELETED.", plant: state("DELETING", "DELETED"),
		},
		{
			Name: "status-null", Statement: "S5", Checks: by("body"),
			Doc: "The status of a new service of AZURE is null.", plant: items(where("status", "INITIATING", with("status", nil)), of("AZURE")),
		},
		{
			Name: "status-a-number-in-lists", Statement: "S5", Checks: by("body"),
			Doc: "In lists the status is a number.", plant: items(with("status", 1), acts(list)),
		},
		{
			Name: "status-an-object", Statement: "S5", Checks: by("body"),
			Doc: "The status is an object with a name.", plant: items(func(m map[string]any) { m["status"] = map[string]any{"name": m["status"]} }),
		},
	}
}

// text changes a member that is a string.
func text(name string, change func(s, id string) string) func(map[string]any) {
	return func(m map[string]any) {
		id, _ := m["id"].(string)
		if s, ok := m[name].(string); ok {
			m[name] = change(s, id)
		}
	}
}

// nameFaults are those of the form of names (S8).
func nameFaults() []Fault {
	return []Fault{
		{
			Name: "aws-name-too-short", Statement: "S8", Checks: by("body computed lifecycle"),
			Doc:   "The endpointServiceName ends with sixteen digits instead of seventeen.",
			plant: items(text("endpointServiceName", func(s, _ string) string { return s[:len(s)-1] })),
		},
		{
			Name: "aws-name-in-capitals", Statement: "S8", Checks: by("body computed lifecycle"),
			Doc: "The region in the endpointServiceName has the Atlas form.",
			plant: items(text("endpointServiceName", func(s, _ string) string {
				parts := strings.Split(s, ".")
				parts[3] = strings.ReplaceAll(strings.ToUpper(parts[3]), "-", "_")
				return strings.Join(parts, ".")
			})),
		},
		{
			Name: "aws-name-bare", Statement: "S8", Checks: by("body computed lifecycle"),
			Doc:   "The endpointServiceName is the last part alone.",
			plant: items(text("endpointServiceName", func(s, _ string) string { return s[strings.LastIndex(s, ".")+1:] })),
		},
		{
			Name: "azure-name-of-another", Statement: "S8", Checks: by("computed body lifecycle"),
			Doc:   "The digits of the privateLinkServiceName are not the service's id.",
			plant: items(text("privateLinkServiceName", func(string, string) string { return "pls_0123456789abcdef01234567" })),
		},
		{
			Name: "azure-name-with-a-hyphen", Statement: "S8", Checks: by("body computed lifecycle"),
			Doc:   "The privateLinkServiceName begins with pls- instead of pls_.",
			plant: items(text("privateLinkServiceName", func(s, _ string) string { return strings.Replace(s, "_", "-", 1) })),
		},
		{
			Name: "azure-name-of-the-resource", Statement: "S8", Checks: by("body computed lifecycle"),
			Doc: "The privateLinkServiceName is the whole resource id.",
			plant: items(func(m map[string]any) {
				if s, ok := m["privateLinkServiceResourceId"].(string); ok {
					m["privateLinkServiceName"] = s
				}
			}),
		},
	}
}

// idFaults are those of the form of ids (P1).
func idFaults() []Fault {
	id := func(change func(s string) any, conds ...cond) plant {
		return items(func(m map[string]any) { m["id"] = change(fmt.Sprint(m["id"])) }, conds...)
	}
	return []Fault{
		{
			Name: "id-in-capitals", Statement: "S1", Checks: by("body"),
			Doc: "Ids are shown in upper case.", plant: id(func(s string) any { return strings.ToUpper(s) }),
		},
		{
			Name: "id-in-capitals-in-lists", Statement: "L6", Checks: by("body read-back immutable"),
			Doc: "Lists show ids in upper case.", plant: id(func(s string) any { return strings.ToUpper(s) }, acts(list)),
		},
		{
			Name: "id-with-hyphens", Statement: "S1", Checks: by("body"),
			Doc: "The id is a UUID.", plant: id(func(s string) any { return s[:8] + "-" + s[8:12] + "-4" + s[12:15] + "-8" + s[15:18] + "-" + s[:12] }),
		},
		{
			Name: "id-too-short", Statement: "S2", Checks: by("body"),
			Doc: "The id of AZURE has 23 digits.", plant: id(func(s string) any { return s[:23] }, of("AZURE")),
		},
		{
			Name: "id-a-number", Statement: "S1", Checks: by("body"),
			Doc: "The id is a number.", plant: id(func(string) any { return 4711 }),
		},
		{
			Name: "id-an-object", Statement: "S1", Checks: by("body"),
			Doc: "The id in lists is an object, as a database prints it.", plant: id(func(s string) any { return map[string]any{"$oid": s} }, acts(list)),
		},
		{
			Name: "id-with-underscore", Statement: "S2", Checks: by("body"),
			Doc: "The id is called _id.", plant: items(renamed("id", "_id"), of("AZURE")),
		},
	}
}
