// Command release prepares a release. A version comes in. Out go the tags of all modules for users, as
// commands to run; or, before that, everything that is not ready yet. RELEASING.md has the whole
// checklist.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// core is the path of the module at the root.
const core = "github.com/restmachine/restmachine-go"

func main() {
	write := flag.Bool("write", false, "require the version of the core in each module of contrib")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage, at the root of the tree: go run ./internal/release [-write] v1.2.3")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := prepare(flag.Arg(0), *write); err != nil {
		fmt.Fprintln(os.Stderr, "not ready:\n"+err.Error())
		os.Exit(1)
	}
}

// prepare checks the tree below the working directory, and prints the commands that tag it.
func prepare(version string, write bool) error {
	if err := wellFormed(version); err != nil {
		return err
	}
	modules, err := filepath.Glob("contrib/*/go.mod")
	if err != nil {
		return err
	}
	if write {
		for _, file := range modules {
			if err := exec.Command("go", "mod", "edit", "-require="+core+"@"+version, file).Run(); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	faults := []error{err, announced(string(changelog), version)}
	tags := []string{version}
	for _, file := range modules {
		text, err := os.ReadFile(file)
		faults = append(faults, err, requires(file, string(text), version))
		tags = append(tags, filepath.ToSlash(filepath.Dir(file))+"/"+version)
	}
	faults = append(faults, committed(tags))
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, tag := range tags {
		fmt.Printf("git tag -a -m %q %s\n", "restmachine "+version, tag)
	}
	fmt.Println("git push origin", strings.Join(tags, " "))
	return nil
}

// wellFormed says what is wrong with a version. A pre-release such as v1.2.3-rc.1 is fine.
func wellFormed(version string) error {
	release, _, _ := strings.Cut(version, "-")
	numbers := strings.Split(strings.TrimPrefix(release, "v"), ".")
	bad := func(number string) bool {
		n, err := strconv.Atoi(number)
		return err != nil || n < 0 || strconv.Itoa(n) != number
	}
	if !strings.HasPrefix(version, "v") || len(numbers) != 3 || slices.ContainsFunc(numbers, bad) || strings.HasSuffix(version, "-") {
		return fmt.Errorf("the version %q does not look like v1.2.3", version)
	}
	if numbers[0] != "0" && numbers[0] != "1" {
		return fmt.Errorf("the module paths do not end in /v%s: Go takes a major version above 1 from no other path", numbers[0])
	}
	return nil
}

// announced says what a changelog lacks: a heading of the version with its date, and nothing that
// still stands under Unreleased.
func announced(changelog, version string) error {
	number := strings.TrimPrefix(version, "v")
	_, after, found := strings.Cut(changelog, "\n## Unreleased\n")
	unreleased, _, _ := strings.Cut(after, "\n## ")
	switch {
	case !strings.Contains(changelog, "\n## "+number+" - "):
		return fmt.Errorf("CHANGELOG.md lacks the line \"## %s - YYYY-MM-DD\": move what stands under Unreleased there", number)
	case !found:
		return errors.New("CHANGELOG.md lacks the line \"## Unreleased\": the next change needs it")
	case strings.TrimSpace(unreleased) != "":
		return errors.New("CHANGELOG.md still says something under Unreleased")
	}
	return nil
}

// requires says whether the text of a go.mod requires another version of the core.
func requires(file, text, version string) error {
	for line := range strings.Lines(text) {
		fields := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(fields) >= 2 && fields[0] == core && fields[1] != "=>" {
			if fields[1] != version {
				return fmt.Errorf("%s requires %s of the core: run this with -write, and commit", file, fields[1])
			}
			return nil
		}
	}
	return fmt.Errorf("%s does not require %s", file, core)
}

// committed says what git still has to be told, and which tags it has already.
func committed(tags []string) error {
	status, err := exec.Command("git", "status", "--porcelain").Output()
	if err != nil {
		return fmt.Errorf("git status: %w", err)
	}
	var faults []error
	if len(status) > 0 {
		faults = append(faults, fmt.Errorf("not committed:\n%s", strings.TrimRight(string(status), "\n")))
	}
	present, err := exec.Command("git", "tag", "--list").Output()
	if err != nil {
		return fmt.Errorf("git tag: %w", err)
	}
	for _, tag := range strings.Fields(string(present)) {
		if slices.Contains(tags, tag) {
			faults = append(faults, fmt.Errorf("the tag %s exists: a released version never changes", tag))
		}
	}
	return errors.Join(faults...)
}
