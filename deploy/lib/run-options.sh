# Options that scripts of deploy/ have in common. Sourced by them; each has usage().
# shellcheck shell=bash disable=SC2034

misuse() {
    printf '%s: %s\n\n' "$(basename "$0" .sh)" "$*" >&2
    usage >&2
    exit 2
}

# Of chaos.sh and soak.sh: takes an option and its value into the variable of its name.
run_option() {
    case "$1" in
        --minutes)
            [[ "${2:-}" =~ ^[1-9][0-9]{0,4}$ ]] || misuse "--minutes needs a number from 1 to 99999"
            minutes="$2"
            ;;
        --seed)
            [[ "${2:-}" =~ ^[0-9]{1,18}$ ]] || misuse "--seed needs a number"
            seed="$2"
            ;;
        --mq)
            [[ "${2:-}" =~ ^(kafka|pulsar)$ ]] || misuse "--mq needs kafka or pulsar"
            mq="$2"
            ;;
        *) common_option "$@" ;;
    esac
}

# Of every script that writes a table: as above; anything else ends it.
common_option() {
    case "$1" in
        --table)
            [ -n "${2:-}" ] || misuse "--table needs a file"
            table="$2"
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) misuse "unknown option $1" ;;
    esac
}
