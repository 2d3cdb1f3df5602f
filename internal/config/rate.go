package config

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseRate reads a number of requests per second, minute or hour, such as
// 100/m, as requests per second.
func ParseRate(text string) (float64, error) {
	number, per, _ := strings.Cut(text, "/")
	seconds := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[per]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || seconds == 0 || !(n > 0 && n <= 1e9) {
		return 0, fmt.Errorf("%q is no rate; write requests per second, minute or hour, such as 10/s, 100/m or 1000/h", text)
	}
	return n / seconds, nil
}
