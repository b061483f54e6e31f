#!/usr/bin/env bash
# Builds all examples in release, runs each, and checks that each prints what it should. Stops at the first that does not.
set -euo pipefail
cd "$(dirname "$0")/.."

# A directory of its own: two packages that build in one would rebuild each other's parts.
build=(${SWIFT:-swift} build --package-path Examples --scratch-path .build-examples -c release)
"${build[@]}"
binaries=$("${build[@]}" --show-bin-path)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# example NAME EXPECTED [ARGUMENT ...]: every line of EXPECTED must stand in what the example prints.
example() {
    local name=$1 expected=$2 output line
    shift 2
    printf '\n== %s\n' "$name"
    output=$("$binaries/$name" "$@") || { echo "Examples/run.sh: $name failed with status $?" >&2; exit 1; }
    printf '%s\n' "$output"
    while IFS= read -r line; do
        if [[ "$output" != *"$line"* ]]; then
            echo "Examples/run.sh: $name should have printed: $line" >&2
            exit 1
        fi
    done <<<"$expected"
}

example MinimalEmbedding 'because you took
answers are the same'
shop=Sources/isrf/Demo/Data
example FromFiles 'because you took
["P' "$shop/items.jsonl" "$shop/interactions.csv" "$scratch/model"
example ReadingFiles 'log.csv:3: field "item": The catalogue has no item
2 interactions of 2 users were read.'
example NewItems 'for trail running
Of the 10 users who would see it first'
example CustomReasoner 'The reasoner keeps the contract.
Made for'
example CustomLanguageModel 'The model keeps the contract.
0 questions without one.'
example LanguageModelServer 'calls, about' "$scratch"
example CustomTextEncoder 'The encoder keeps the contract.
pass it as
With the encoder, the answers are the same.'
example CustomInteractionGraph 'The graph keeps the contract.
Most like'
example CustomUserGraph 'The builder keeps the contract.
weight'
example CustomOptimizer 'The optimiser and its model keep their contracts.
answers are the same'
example Measuring 'isrf
linear floor
latest items'
printf '\nAll examples printed what they should.\n'
