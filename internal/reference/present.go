package reference

import (
	"fmt"
	"strconv"

	"github.com/atlas-contract/conformance/gen"
)

// presenter makes replies of what the store knows.
type presenter struct {
	profile Profile
	// placed tells that services have cloudProvider and regionName (S4).
	placed  bool
	regions *regions
}

// service is the shape of the service's provider (S3).
func (p presenter) service(v seen) any {
	switch v.Provider {
	case azure:
		return p.azure(v)
	case gcp:
		return p.gcp(v)
	}
	return p.aws(v)
}

// aws is S1.
func (p presenter) aws(v seen) any {
	shown := gen.AWSService{
		ID:                 v.ID,
		Status:             gen.AWSServiceStatus(p.status(v)),
		ErrorMessage:       v.errorMessage(),
		InterfaceEndpoints: v.endpointIDs(),
	}
	if v.named() {
		// S8: the number of a real one begins with a zero too.
		name := "com.amazonaws.vpce." + p.regions.native[v.place()] + ".vpce-svc-0" + v.Seed[:16]
		shown.EndpointServiceName = &name
	}
	if p.placed { // S4
		provider := gen.AWSServiceCloudProvider(aws)
		shown.CloudProvider, shown.RegionName = &provider, &v.Region
	}
	return shown
}

// azure is S2.
func (p presenter) azure(v seen) any {
	shown := gen.AZUREService{
		ID:               v.ID,
		Status:           gen.AZUREServiceStatus(p.status(v)),
		ErrorMessage:     v.errorMessage(),
		PrivateEndpoints: v.endpointIDs(),
	}
	if v.named() {
		name := "pls_" + v.ID // S8
		resource := azureResource(v.Seed, name)
		shown.PrivateLinkServiceName, shown.PrivateLinkServiceResourceID = &name, &resource
	}
	if p.placed { // S4
		provider := gen.AZUREServiceCloudProvider(azure)
		shown.CloudProvider, shown.RegionName = &provider, &v.Region
	}
	return shown
}

// azureResource is a resource id as Azure makes them, of the service's seed.
func azureResource(seed, name string) string {
	subscription := fmt.Sprintf("%s-%s-4%s-a%s-%s", seed[:8], seed[8:12], seed[13:16], seed[17:20], seed[20:32])
	return "/subscriptions/" + subscription + "/resourceGroups/rg_" + seed[:24] +
		"/providers/Microsoft.Network/privateLinkServices/" + name
}

// gcpService is S6, which exists in the observed profile only.
type gcpService struct {
	CloudProvider          string   `json:"cloudProvider"`
	EndpointGroupNames     []string `json:"endpointGroupNames"`
	ErrorMessage           *string  `json:"errorMessage"`
	ID                     string   `json:"id"`
	PortMappingEnabled     bool     `json:"portMappingEnabled"`
	RegionName             string   `json:"regionName"`
	ServiceAttachmentNames []string `json:"serviceAttachmentNames"`
	Status                 string   `json:"status"`
}

// gcpAttachments is how many service attachments a GCP service shows.
const gcpAttachments = 6

func (p presenter) gcp(v seen) any {
	shown := gcpService{
		CloudProvider: gcp, RegionName: v.Region, ID: v.ID, Status: p.status(v),
		ErrorMessage: v.errorMessage(), EndpointGroupNames: v.endpointIDs(), ServiceAttachmentNames: []string{},
	}
	if v.named() {
		region := p.regions.native[v.place()]
		for i := range gcpAttachments {
			shown.ServiceAttachmentNames = append(shown.ServiceAttachmentNames,
				"projects/p-"+v.Seed[:24]+"/regions/"+region+"/serviceAttachments/sa-"+region+"-"+v.ID+"-"+strconv.Itoa(i))
		}
	}
	return shown
}

// status is what the provider and the profile call the phase (S5).
func (p presenter) status(v seen) string {
	switch v.phase(v.at) {
	case initiating:
		return "INITIATING"
	case failed:
		return "FAILED"
	case ready:
		if v.Provider == aws && p.profile == Documented {
			return "WAITING_FOR_USER"
		}
		return "AVAILABLE"
	}
	return "DELETING"
}

// named tells whether the service has its names (L2). One that was ready keeps
// them while it is being deleted, one that never was does not get any (L5).
func (v seen) named() bool { return v.settled(v.at) == ready }

// errorMessage is set for a service that failed, and stays while it is being
// deleted (S11).
func (v seen) errorMessage() *string {
	if v.settled(v.at) != failed {
		return nil
	}
	text := "The cloud provider could not create the endpoint service in " + v.Region + "."
	return &text
}

// containerPage is a page of containers (L9).
type containerPage struct {
	Results    []any `json:"results"`
	TotalCount int   `json:"totalCount"`
}

type awsContainer struct {
	AtlasCIDRBlock string `json:"atlasCidrBlock"`
	ID             string `json:"id"`
	ProviderName   string `json:"providerName"`
	Provisioned    bool   `json:"provisioned"`
	RegionName     string `json:"regionName"`
}

// azureContainer calls its region otherwise than awsContainer.
type azureContainer struct {
	AtlasCIDRBlock string `json:"atlasCidrBlock"`
	ID             string `json:"id"`
	ProviderName   string `json:"providerName"`
	Provisioned    bool   `json:"provisioned"`
	Region         string `json:"region"`
}

// containerBlock is the address block of every container; nothing routes here.
const containerBlock = "192.168.248.0/21"

func (p presenter) containers(found []container) containerPage {
	page := containerPage{Results: []any{}, TotalCount: len(found)}
	for _, c := range found {
		if c.Provider == azure {
			page.Results = append(page.Results, azureContainer{containerBlock, c.ID, c.Provider, true, c.Region})
		} else {
			page.Results = append(page.Results, awsContainer{containerBlock, c.ID, c.Provider, true, c.Region})
		}
	}
	return page
}
