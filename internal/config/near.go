package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Hint is what was probably meant by a word that is not known, ready to stand
// in a sentence behind it, or "" where nothing is near.
func Hint(word string, known []string) string {
	if near := Nearest(word, known, 1); len(near) > 0 {
		return fmt.Sprintf(" (did you mean %s?)", near[0])
	}
	return ""
}

// most is how many letters of a long word may differ.
const most = 5

// Nearest are at most n of the known words that a word may have been meant
// for, the likeliest first: those that differ in few letters, and those that
// contain it.
func Nearest(word string, known []string, n int) []string {
	type candidate struct {
		word     string
		distance int
	}
	var near []candidate
	small := strings.ToLower(word)
	for _, k := range known {
		other := strings.ToLower(k)
		d := distance(small, other)
		if len(small) >= 3 && strings.Contains(other, small) {
			d = min(d, 1)
		}
		if d <= min(max(2, len(small)/3), most) && d < max(len(small), len(other)) {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, c := range near[:min(n, len(near))] {
		out = append(out, c.word)
	}
	return out
}

// distance is the number of letters to insert, drop, replace or swap with
// their neighbour to make b of a.
func distance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
