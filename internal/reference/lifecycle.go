package reference

import "time"

// phase is where a service is in its life, whatever its provider calls it.
type phase int

const (
	initiating phase = iota
	ready
	failed
	deleting
	// gone services are answered with 404 and are in no list (L3).
	gone
)

// String is the phase in a word of the contract, READY where providers differ.
func (p phase) String() string {
	return [...]string{"INITIATING", "READY", "FAILED", "DELETING", "GONE"}[p]
}

// service is one private endpoint service. It is a value: a delete makes a new
// one. All that it shows follows from these fields and the clock, so that
// nothing about it can change but by time passing (L5).
type service struct {
	ID       string
	Provider string
	Region   string
	// Seed is 32 random hex digits that the names are made of.
	Seed    string
	Created time.Time
	// ReadyAt is when the service is ready, or has failed if Fails.
	ReadyAt time.Time
	Fails   bool
	// DeletedAt and GoneAt are zero until the delete comes.
	DeletedAt time.Time
	GoneAt    time.Time
	// Endpoints are those that were attached (O5), in this order. The list is
	// never changed, only replaced; gone ones in it are never shown.
	Endpoints []endpoint `json:",omitempty"`
}

func (v service) place() place { return place{Provider: v.Provider, Region: v.Region} }

// phase is the state at the given time. It only ever moves forward (L4).
func (v service) phase(now time.Time) phase {
	switch {
	case v.DeletedAt.IsZero():
		return v.settled(now)
	case now.Before(v.GoneAt):
		return deleting
	}
	return gone
}

// settled is how far the service had come, at the latest when its delete came:
// the names that it has by then stay with it (L5), those it lacks stay away.
func (v service) settled(now time.Time) phase {
	if !v.DeletedAt.IsZero() && v.DeletedAt.Before(now) {
		now = v.DeletedAt
	}
	switch {
	case now.Before(v.ReadyAt):
		return initiating
	case v.Fails:
		return failed
	}
	return ready
}

// deleted is the service with its delete accepted at the given time. A second
// delete changes nothing (L3).
func (v service) deleted(now time.Time, takes time.Duration) service {
	if v.DeletedAt.IsZero() {
		v.DeletedAt = now
		v.GoneAt = now.Add(max(takes, 0))
	}
	return v
}

// readyAt is when a service created now has settled: after the moment of its
// creation in any case, because the create reply shows it INITIATING (L1).
func readyAt(now time.Time, takes time.Duration) time.Time {
	return now.Add(max(takes, time.Nanosecond))
}
