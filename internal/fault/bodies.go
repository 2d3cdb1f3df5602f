package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// preset gives a member of the create body a value where it has none.
func preset(name string, v any) plant {
	return fields(create, func(m map[string]any) {
		if _, there := m[name]; !there {
			m[name] = v
		}
	})
}

// wasCode picks errors by their code.
func wasCode(name string) cond {
	return func(t *turn) bool { return refused(t) && strings.Contains(string(t.body), `"`+name+`"`) }
}

// bodyFaults are those of required and unknown members (B1, B4, B5).
func bodyFaults() []Fault {
	known := []string{"providerName", "region"}
	return []Fault{
		{
			Name: "provider-optional", Statement: "B4", Checks: by("outcome"),
			Doc: "A create without providerName is one of AWS.", plant: preset("providerName", "AWS"),
		},
		{
			Name: "region-optional", Statement: "B4", Checks: by("outcome"),
			Doc: "A create without region is one in US_EAST_2.", plant: preset("region", "US_EAST_2"),
		},
		{
			Name: "missing-member-gets-500", Statement: "B4", Checks: by("no-server-error"),
			Doc: "A create that lacks a member gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), wasCode("MISSING_ATTRIBUTE"))),
		},
		{
			Name: "missing-member-gets-422", Statement: "B4", Checks: by("documented-status"),
			Doc: "A create that lacks a member gets 422.", plant: replies(on(fails(422, "MISSING_ATTRIBUTE"), acts(create), wasCode("MISSING_ATTRIBUTE"))),
		},
		{
			Name: "provider-in-small-letters-created", Statement: "B1", Checks: by("outcome"),
			Doc: "The providerName of a create may be in lower case.",
			plant: fields(create, func(m map[string]any) {
				if name, ok := m["providerName"].(string); ok {
					m["providerName"] = strings.ToUpper(name)
				}
			}),
		},
		{
			Name: "provider-trimmed", Statement: "B1", Checks: by("outcome"),
			Doc: "White space around the providerName of a create is taken off.",
			plant: fields(create, func(m map[string]any) {
				if name, ok := m["providerName"].(string); ok {
					m["providerName"] = strings.TrimSpace(name)
				}
			}),
		},
		{
			Name: "unknown-provider-created-as-aws", Statement: "B1", Checks: by("outcome"),
			Doc: "A create whose providerName is no provider is one of AWS in its default region.",
			plant: fields(create, func(m map[string]any) {
				if name, ok := m["providerName"].(string); ok && name != "AWS" && name != "AZURE" && name != "GCP" {
					m["providerName"], m["region"] = "AWS", "US_EAST_2"
				}
			}),
		},
		{
			Name: "gcp-created-before-its-time", Statement: "B1", Checks: by("outcome"),
			Doc: "A create at GCP, which the documented profile does not have, is accepted.",
			plant: replies(on(func(t *turn) {
				t.say(201, map[string]any{"id": "65f0a1b2c3d4e5f6100000ff", "status": "INITIATING", "errorMessage": nil, "endpointGroupNames": []any{}})
			}, acts(create), of("GCP"), refused)),
		},
		{
			Name: "unknown-member-ignored", Statement: "B5", Checks: by("outcome"),
			Doc: "A create may have any member beside those it knows.",
			plant: fields(create, func(m map[string]any) {
				for name := range m {
					if name != known[0] && name != known[1] {
						delete(m, name)
					}
				}
			}),
		},
		{
			Name: "unknown-null-ignored", Statement: "B5", Checks: by("outcome"),
			Doc: "A member that is not known passes when it is null.",
			plant: fields(create, func(m map[string]any) {
				for name, v := range m {
					if v == nil && name != known[0] && name != known[1] {
						delete(m, name)
					}
				}
			}),
		},
		{
			Name: "members-in-any-case", Statement: "B5", Checks: by("outcome"),
			Doc: "The names of members are compared without regard to case, as Go's decoder does.",
			plant: fields(create, func(m map[string]any) {
				for name, v := range m {
					for _, k := range known {
						if name != k && strings.EqualFold(name, k) {
							delete(m, name)
							m[k] = v
						}
					}
				}
			}),
		},
		{
			Name: "unknown-member-gets-500", Statement: "B5", Checks: by("no-server-error"),
			Doc: "A member that is not known gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), wasCode("INVALID_ATTRIBUTE"))),
		},
	}
}

// regions changes the region of a create.
func regions(change func(provider, region string) string) plant {
	return fields(create, func(m map[string]any) {
		provider, _ := m["providerName"].(string)
		if region, ok := m["region"].(string); ok {
			m["region"] = change(provider, region)
		}
	})
}

// usual is a region that the provider has.
func usual(provider string) string {
	if provider == "AZURE" {
		return "US_EAST_2"
	}
	return "EU_WEST_1"
}

// regionFaults are those of the region of a create (B2, B3).
func regionFaults() []Fault {
	isAtlas := regexp.MustCompile(`^[A-Z]+(_[A-Z0-9]+)+$`).MatchString
	isNative := regexp.MustCompile(`^[a-z0-9-]+$`).MatchString
	noRegion := wasCode("INVALID_REGION")
	return []Fault{
		{
			Name: "native-region-refused", Statement: "B2", Checks: by("outcome"),
			Doc: "Only the Atlas form of a region is known.",
			plant: regions(func(_, region string) string {
				if isNative(region) {
					return "NOWHERE"
				}
				return region
			}),
		},
		{
			Name: "native-region-of-azure-refused", Statement: "B2", Checks: by("outcome"),
			Doc: "Of AZURE, only the Atlas form of a region is known.",
			plant: regions(func(provider, region string) string {
				if provider == "AZURE" && isNative(region) {
					return "NOWHERE"
				}
				return region
			}),
		},
		{
			Name: "atlas-region-refused", Statement: "B2", Checks: by("outcome"),
			Doc: "Only the native form of a region is known.",
			plant: regions(func(_, region string) string {
				if isAtlas(region) {
					return "nowhere"
				}
				return region
			}),
		},
		{
			Name: "atlas-region-of-aws-refused", Statement: "B2", Checks: by("outcome"),
			Doc: "Of AWS, only the native form of a region is known.",
			plant: regions(func(provider, region string) string {
				if provider == "AWS" && isAtlas(region) {
					return "nowhere"
				}
				return region
			}),
		},
		{
			Name: "unknown-region-accepted", Statement: "B3", Checks: by("outcome"),
			Doc: "A region that no provider has is accepted, as long as it looks like one.",
			plant: replies(on(func(t *turn) {
				t.say(201, service(t.provider))
			}, acts(create), noRegion, func(t *turn) bool { return isAtlas(t.region) || isNative(t.region) })),
		},
		{
			Name: "any-region-accepted", Statement: "B3", Checks: by("outcome"),
			Doc:   "Any string is accepted as a region, the empty one too.",
			plant: replies(on(func(t *turn) { t.say(201, service(t.provider)) }, acts(create), noRegion)),
		},
		{
			Name: "empty-region-accepted", Statement: "B3", Checks: by("outcome"),
			Doc: "An empty region is the provider's usual one.",
			plant: regions(func(provider, region string) string {
				if region == "" {
					return usual(provider)
				}
				return region
			}),
		},
		{
			Name: "region-of-another-provider-accepted", Statement: "B3", Checks: by("outcome"),
			Doc: "AZURE accepts the regions of AWS.",
			plant: regions(func(provider, region string) string {
				if provider == "AZURE" && regexp.MustCompile(`(?i)^(us|eu|ap|sa|ca)[-_][a-z]+[-_]\d$`).MatchString(region) {
					return usual(provider)
				}
				return region
			}),
		},
		{
			Name: "azure-region-accepted-by-aws", Statement: "B3", Checks: by("outcome"),
			Doc: "AWS accepts the regions of AZURE.",
			plant: regions(func(provider, region string) string {
				if provider == "AWS" && regexp.MustCompile(`^[a-z]+\d?$|^[A-Z]+_(EAST|WEST|NORTH|SOUTH|CENTRAL)$`).MatchString(region) {
					return usual(provider)
				}
				return region
			}),
		},
		{
			Name: "unknown-region-gets-500", Statement: "B3", Checks: by("no-server-error"),
			Doc: "A region that is none gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), noRegion)),
		},
		{
			Name: "unknown-region-gets-404", Statement: "B3", Checks: by("documented-status outcome"),
			Doc: "A region that is none gets 404.", plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), acts(create), noRegion)),
		},
	}
}

// service is a new service that no store knows.
func service(provider string) map[string]any {
	id := strings.Repeat("5f1e", 6)
	if provider == "AZURE" {
		return map[string]any{
			"id": id, "status": "INITIATING", "errorMessage": nil, "privateEndpoints": []any{},
			"privateLinkServiceName": nil, "privateLinkServiceResourceId": nil,
		}
	}
	return map[string]any{
		"id": id, "status": "INITIATING", "errorMessage": nil, "interfaceEndpoints": []any{}, "endpointServiceName": nil,
	}
}

// memberFaults are those of the types of members (B6).
func memberFaults() []Fault {
	each := func(a act, change func(name string, v any) any) plant {
		return fields(a, func(m map[string]any) {
			for name, v := range m {
				m[name] = change(name, v)
			}
		})
	}
	mode := func(is func(v any) bool, to bool) plant {
		return each(setMode, func(name string, v any) any {
			if name == "enabled" && is(v) {
				return to
			}
			return v
		})
	}
	return []Fault{
		{
			Name: "null-is-missing-is-default", Statement: "B6", Checks: by("outcome"),
			Doc: "A null for a member of a create stands for a default.",
			plant: each(create, func(name string, v any) any {
				return map[bool]any{true: map[string]any{"providerName": "AWS", "region": "US_EAST_2"}[name], false: v}[v == nil]
			}),
		},
		{
			Name: "list-of-one-is-the-one", Statement: "B6", Checks: by("outcome"),
			Doc: "A member of a create may be a list with one value.",
			plant: each(create, func(_ string, v any) any {
				if all, ok := v.([]any); ok && len(all) == 1 {
					return all[0]
				}
				return v
			}),
		},
		{
			Name: "any-type-of-region", Statement: "B6", Checks: by("outcome"),
			Doc: "A region that is no string counts as the provider's usual one.",
			plant: fields(create, func(m map[string]any) {
				provider, _ := m["providerName"].(string)
				if region, there := m["region"]; there && region != nil {
					if _, ok := region.(string); !ok {
						m["region"] = usual(provider)
					}
				}
			}),
		},
		{
			Name: "wrong-type-gets-500", Statement: "B6", Checks: by("no-server-error"),
			Doc: "A member of the wrong type gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), wasCode("INVALID_JSON_ATTRIBUTE"))),
		},
		{
			Name: "mode-as-text-accepted", Statement: "B6", Checks: by("outcome"),
			Doc: "The regional mode may be the string true or false.",
			plant: each(setMode, func(name string, v any) any {
				if v == "true" || v == "false" {
					return v == "true"
				}
				return v
			}),
		},
		{
			Name: "mode-of-any-text-accepted", Statement: "B6", Checks: by("outcome"),
			Doc:   "Any string as the regional mode counts as true.",
			plant: mode(func(v any) bool { _, ok := v.(string); return ok }, true),
		},
		{
			Name: "mode-as-number-accepted", Statement: "B6", Checks: by("outcome"),
			Doc:   "Any number as the regional mode counts as true.",
			plant: mode(func(v any) bool { _, ok := v.(json.Number); return ok }, true),
		},
		{
			Name: "mode-null-accepted", Statement: "B6", Checks: by("outcome"),
			Doc: "A null as the regional mode counts as false.", plant: mode(func(v any) bool { return v == nil }, false),
		},
		{
			Name: "mode-optional", Statement: "B4", Checks: by("outcome"),
			Doc: "A change of the regional mode without enabled turns it off.",
			plant: fields(setMode, func(m map[string]any) {
				if _, there := m["enabled"]; !there {
					m["enabled"] = false
				}
			}),
		},
	}
}

// syntaxFaults are those of bodies that are no JSON object (B7).
func syntaxFaults() []Fault {
	const usualBody = `{"providerName":"AWS","region":"US_EAST_2"}`
	instead := func(is func(body []byte) bool) plant {
		return bodies(create, func(body []byte) []byte {
			if is(body) {
				return []byte(usualBody)
			}
			return body
		})
	}
	begins := func(c string) func([]byte) bool {
		return func(body []byte) bool { return json.Valid(body) && strings.HasPrefix(string(bytes.TrimSpace(body)), c) }
	}
	return []Fault{
		{
			Name: "trailing-data-ignored", Statement: "B7", Checks: by("outcome"),
			Doc: "What follows the first value of a body is not looked at, as Go's decoder does.",
			plant: bodies(create, func(body []byte) []byte {
				var first json.RawMessage
				if json.NewDecoder(bytes.NewReader(body)).Decode(&first) == nil {
					return first
				}
				return body
			}),
		},
		{
			Name: "truncated-body-completed", Statement: "B7", Checks: by("outcome"),
			Doc: "A body that lacks its last brace is completed.",
			plant: bodies(create, func(body []byte) []byte {
				for _, end := range []string{"}", `"}`} {
					if more := append(bytes.Clone(body), end...); !json.Valid(body) && json.Valid(more) {
						return more
					}
				}
				return body
			}),
		},
		{
			Name: "invalid-utf8-mended", Statement: "B7", Checks: by("outcome"),
			Doc: "Bytes that are no UTF-8 are dropped.", plant: bodies(create, func(body []byte) []byte { return bytes.ToValidUTF8(body, nil) }),
		},
		{
			Name: "empty-body-accepted", Statement: "B7", Checks: by("outcome"),
			Doc: "A create without a body is one with the defaults.", plant: instead(func(body []byte) bool { return len(bytes.TrimSpace(body)) == 0 }),
		},
		{
			Name: "empty-body-gets-500", Statement: "B7", Checks: by("no-server-error"),
			Doc:   "A create without a body gets 500.",
			plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), refused, func(t *turn) bool { return len(bytes.TrimSpace(t.sent)) == 0 })),
		},
		{
			Name: "null-body-accepted", Statement: "B7", Checks: by("outcome"),
			Doc: "A null as the body of a create is one with the defaults.", plant: instead(begins("null")),
		},
		{
			Name: "null-body-gets-500", Statement: "B7", Checks: by("no-server-error"),
			Doc:   "A null as the body of a create gets 500.",
			plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), refused, func(t *turn) bool { return string(bytes.TrimSpace(t.sent)) == "null" })),
		},
		{
			Name: "array-body-accepted", Statement: "B7", Checks: by("outcome"),
			Doc: "A create may be a list, of which the first counts, or nothing does.", plant: instead(begins("[")),
		},
		{
			Name: "text-body-accepted", Statement: "B7", Checks: by("outcome"),
			Doc: "A create may be a string.", plant: instead(begins(`"`)),
		},
		{
			Name: "broken-body-gets-500", Statement: "B7", Checks: by("no-server-error"),
			Doc: "A body that is not JSON gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), wasCode("INVALID_JSON"))),
		},
		{
			Name: "broken-mode-gets-500", Statement: "B7", Checks: by("no-server-error"),
			Doc: "A body of the regional mode that is not JSON gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(setMode), wasCode("INVALID_JSON"))),
		},
		{
			Name: "trailing-comma-accepted", Statement: "B7", Checks: by("outcome"),
			Doc: "A comma may follow the last member.",
			plant: bodies(create, func(body []byte) []byte {
				return regexp.MustCompile(`,\s*}\s*$`).ReplaceAll(body, []byte("}"))
			}),
		},
	}
}

// mediaFaults are those of the media type of a body (B8).
func mediaFaults() []Fault {
	media := func(r *http.Request) string { return r.Header.Get("Content-Type") }
	return []Fault{
		{
			Name: "media-type-ignored", Statement: "B8", Checks: by("outcome"),
			Doc: "A create may be declared as anything.",
			plant: requests(func(t *turn, r *http.Request) {
				if t.act == create && media(r) != "" {
					r.Header.Set("Content-Type", "application/json")
				}
			}),
		},
		{
			Name: "text-taken-for-json", Statement: "B8", Checks: by("outcome"),
			Doc: "A create may be declared as text/plain.",
			plant: requests(func(t *turn, r *http.Request) {
				if strings.HasPrefix(media(r), "text/") {
					r.Header.Set("Content-Type", "application/json")
				}
			}),
		},
		{
			Name: "other-media-type-gets-500", Statement: "B8", Checks: by("no-server-error"),
			Doc: "A create that is declared as something else than JSON gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), code(415))),
		},
		{
			Name: "no-media-type-gets-500", Statement: "B8", Checks: by("no-server-error"),
			Doc:   "A create without a Content-Type gets 500.",
			plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), not(anonymous), func(t *turn) bool { return media(t.r) == "" })),
		},
		{
			Name: "charset-refused", Statement: "B8", Checks: by("outcome"),
			Doc: "A create that is declared as application/json; charset=utf-8 gets 415.",
			plant: requests(func(t *turn, r *http.Request) {
				if t.act == create && strings.Contains(media(r), ";") {
					r.Header.Set("Content-Type", "text/"+media(r))
				}
			}),
		},
	}
}
