/// Lengths of time in the words of a person.
package enum DurationText {
    /// A length such as `40 s`, `1 min 50 s`, `12 min` or `2 h 10 min`, as exact as it is of use.
    package static func text(_ seconds: Double) -> String {
        let seconds = Int(min(max(seconds, 0), 1e9).rounded())
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 600 {
            let (minutes, rest) = (seconds / 60, seconds % 60)
            return rest == 0 ? "\(minutes) min" : "\(minutes) min \(rest) s"
        }
        let minutes = (seconds + 30) / 60
        if minutes < 60 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// A guessed length, rounded so that it does not look exact: `about 2 min`.
    package static func about(_ seconds: Double) -> String {
        let step: Double = seconds < 20 ? 5 : seconds < 90 ? 10 : seconds < 600 ? 30 : 60
        return "about \(text(max(step, (seconds / step).rounded() * step)))"
    }
}
