extension Language {
    /// Bash: candidate and judge are two shells, joined by the channel; a call's arguments, status and output cross.
    static let bash = Language(
        tools: ["bash"], mend: "apt-get install bash", mode: .separateJudge,
        plan: { job, toolchain in
            (
                nil,
                { _, _ in
                    pair(
                        job, interpreter: [toolchain["bash"]], suffix: "sh", candidate: BashSource.candidate,
                        judge: BashSource.judge, tests: opened(job.tests), limitsAddressSpace: true)
                }
            )
        })
}

private enum BashSource {
    static let candidate = #"""
        # Answers the judge's calls; messages are strings that end in NUL.
        bash -n solution.sh 2>errors || { { printf '%s\0' 0000 E; head -c 500 errors; printf '\0'; } >&3; exit 0; }
        source ./solution.sh
        printf '%s\0' 0000 R '' >&3
        while IFS= read -r -d '' yb_token <&3; do
            IFS= read -r -d '' yb_count <&3 || exit
            yb_given=()
            for ((yb_i = 0; yb_i <= yb_count; yb_i++)); do
                IFS= read -r -d '' yb_item <&3 || exit
                yb_given+=("$yb_item")
            done
            # A condition, so that the program's own `set -e` does not end this loop.
            if yb_out=$("${yb_given[@]}" 3>&-); then yb_status=0; else yb_status=$?; fi
            printf '%s\0' "$yb_token" "$yb_status" "$yb_out" >&3
        done

        """#

    static let judge = #"""
        yb_tell() { printf '%s\n%s' "$1" "$2" >&4; kill -9 $$; }
        yb_hear() {
            IFS= read -r -d '' yb_said <&3 || yb_tell lost 'the program ended'
            [[ $yb_said == "$1" ]] || yb_tell protocol_error 'an answer that was not asked for'
            IFS= read -r -d '' yb_status <&3 && IFS= read -r -d '' yb_out <&3 || yb_tell lost 'the program ended'
        }
        yb_call() {
            local yb_token=$SRANDOM$SRANDOM
            printf '%s\0' "$yb_token" "$(($# - 1))" "$@" >&3 2>/dev/null || yb_tell lost 'the program ended'
            yb_hear "$yb_token"
            [[ $yb_status =~ ^[0-9]{1,3}$ ]] || yb_tell protocol_error 'a malformed status'
            : >called
            [[ -z $yb_out ]] || printf '%s\n' "$yb_out"
            return "$yb_status"
        }
        bash -n tests.sh 2>/dev/null || yb_tell unreadable 'syntax'
        yb_hear 0000
        [[ $yb_status != E ]] || yb_tell compile_error "$yb_out"
        [[ $yb_status == R ]] || yb_tell protocol_error 'a malformed greeting'
        eval "$1() { yb_call $1 \"\$@\"; }"
        trap 'yb_tell failed "a test failed"' EXIT
        source ./tests.sh
        trap - EXIT
        [[ -e called ]] || yb_tell uncalled 'the tests ended without a call of the program'
        printf 'passed\n' >&4
        exit 0

        """#
}
