package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter is how long a reply asks to wait: seconds, or a date, which is held
// against the target's own clock where it tells the time (RFC 9110, section
// 10.2.3).
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if wait, ok := seconds(text); ok {
		return wait, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(at.Sub(theirs(h, now)), 0), true
}

// theirs is the time by the target's clock.
func theirs(h http.Header, now time.Time) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return now
}

// seconds reads a number of seconds that is not absurd.
func seconds(text string) (time.Duration, bool) {
	const most = 100 * 365 * 24 * time.Hour
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, false
	}
	if n > uint64(most/time.Second) {
		return most, true
	}
	return time.Duration(n) * time.Second, true
}

// quota tells whether a reply says that nothing is left of what may be asked,
// and how long that lasts. There are three ways to say it: the fields that APIs
// have long used, in which the end may also be a time in seconds or
// milliseconds since 1970; their plain successors; and the structured field of
// draft-ietf-httpapi-ratelimit-headers.
func quota(h http.Header, now time.Time) (wait time.Duration, spent bool) {
	for _, prefix := range []string{"Ratelimit-", "X-Ratelimit-", "X-Rate-Limit-"} {
		if strings.TrimSpace(h.Get(prefix+"Remaining")) != "0" {
			continue
		}
		if reset, ok := resets(strings.TrimSpace(h.Get(prefix+"Reset")), theirs(h, now)); ok {
			wait, spent = max(wait, reset), true
		}
	}
	for _, line := range h.Values("Ratelimit") {
		if reset, ok := structured(line); ok {
			wait, spent = max(wait, reset), true
		}
	}
	return wait, spent
}

// resets reads the end of a limit: a number of seconds, or a time.
func resets(text string, now time.Time) (time.Duration, bool) {
	const seconds1973, millis1973 = 1e8, 1e11
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || !(n >= 0) || n > 1e15:
		return 0, false
	case n >= millis1973:
		return max(time.UnixMilli(int64(n)).Sub(now), 0), true
	case n >= seconds1973:
		return max(time.Unix(int64(n), 0).Sub(now), 0), true
	}
	return time.Duration(n * float64(time.Second)), true
}

// structured reads RateLimit, with the names of its items and parameters as
// they are now ("policy";r=0;t=30) and as they were (limit=9, remaining=0,
// reset=30).
func structured(line string) (wait time.Duration, spent bool) {
	if !strings.Contains(line, ";") {
		line = strings.ReplaceAll(line, ",", ";")
	}
	for item := range strings.SplitSeq(line, ",") {
		given := map[string]string{}
		for part := range strings.SplitSeq(item, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			given[strings.ToLower(name)] = value
		}
		left, end := orDefault(given["r"], given["remaining"]), orDefault(given["t"], given["reset"])
		if reset, ok := seconds(end); ok && left == "0" {
			wait, spent = max(wait, reset), true
		}
	}
	return wait, spent
}
