# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced, after prepare.sh, by the scripts that train and show the studies of a folder: their command line is the same.
# shellcheck disable=SC2154 # root and self are prepare.sh's, usage is of whom sources this

# read_arguments DATA ARGUMENT...: sets folder, report_only, train, names and data, which is DATA unless --data is there.
read_arguments() {
    data=$1
    folder=$root/docs/study
    report_only=0
    train=
    names=()
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help) usage && exit 0 ;;
        --report-only) report_only=1 ;;
        --data | --folder | --ard-train)
            [ $# -ge 2 ] || fail 2 "$1 wants a value; see tools/$self --help"
            case $1 in
            --data) data=$2 ;;
            --folder) folder=$2 ;;
            --ard-train) train=$2 ;;
            esac
            shift
            ;;
        -*) fail 2 "unknown option \"$1\"; see tools/$self --help" ;;
        *) names+=("$1") ;;
        esac
        shift
    done
}

# choose_studies FORM NAME...: what there is, of which `names` must be, and is all without one. FORM says what files make one.
choose_studies() {
    local form=$1 kind=study name other found
    shift
    [ "$report_only" -eq 0 ] || kind="study with results"
    [ $# -gt 0 ] || fail 2 "there is no $kind in $folder: $form"
    for name in "${names[@]}"; do
        found=0
        for other in "$@"; do
            [ "$other" != "$name" ] || found=1
        done
        [ $found -eq 1 ] || fail 2 "'$name' is no $kind in $folder, expected one of: $*"
    done
    [ ${#names[@]} -gt 0 ] || names=("$@")
}
