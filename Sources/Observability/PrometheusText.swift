/// Prometheus' text exposition format 0.0.4.
///
/// Source: Prometheus documentation, "Exposition formats".
enum PrometheusText {
    /// All series, sorted by name and labels.
    static func render(
        _ families: [String: MetricRegistry.Family], dropped: [String: UInt64], help: [String: String]
    ) -> String {
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            head(name, family.kind, help[name], to: &text)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                switch series {
                case .counter(let counter): text += "\(name)\(labels.braced()) \(counter.text)\n"
                case .gauge(let gauge): text += "\(name)\(labels.braced()) \(gauge.text)\n"
                case .histogram(let histogram): render(histogram, name, labels, to: &text)
                }
            }
        }
        guard !dropped.isEmpty else { return text }
        let name = "gloss_metrics_dropped_total"
        head(name, .counter, "Series that were not taken, by reason.", to: &text)
        for (reason, count) in dropped.sorted(by: { $0.key < $1.key }) {
            text += "\(name){reason=\"\(reason)\"} \(count)\n"
        }
        return text
    }

    /// A number; whole ones without a fraction, and `NaN`, `+Inf` and `-Inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        guard value.magnitude < 1e15, let whole = Int64(exactly: value) else { return "\(value)" }
        return String(whole)
    }

    private static func head(_ name: String, _ kind: MetricRegistry.Kind, _ help: String?, to text: inout String) {
        if let help {
            text += "# HELP \(name) \(escaped(help))\n"
        }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A help text or, in quotes, the value of a label; quotes are escaped only within quotes.
    ///
    /// By scalar: as a character, the newline of `\r\n` is no newline.
    static func escaped(_ text: String, inQuotes: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"" where inQuotes: result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func render(
        _ histogram: HistogramSeries, _ name: String, _ labels: LabelSet, to text: inout String
    ) {
        let observations = histogram.snapshot
        var total: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], observations.counts) {
            total += count
            text += "\(name)_bucket\(labels.braced(with: "le=\"\(number(bound))\"")) \(total)\n"
        }
        text += "\(name)_sum\(labels.braced()) \(number(observations.sum))\n"
        text += "\(name)_count\(labels.braced()) \(total)\n"
    }
}
