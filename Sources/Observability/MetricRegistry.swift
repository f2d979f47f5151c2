import Synchronization

/// All series, by family and labels.
struct MetricRegistry: Sendable {
    /// The kind of a family's series.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// All series of one name.
    struct Family {
        let kind: Kind
        var series: [LabelSet: Series] = [:]
    }

    /// A series of any kind.
    enum Series {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)

        /// The object that a metric of swift-metrics holds.
        var handler: AnyObject {
            switch self {
            case .counter(let series): series
            case .gauge(let series): series
            case .histogram(let series): series
            }
        }
    }

    /// The most series of one family; labels that grow without end would eat the memory of daemon and server.
    let maximumSeries: Int
    private(set) var families: [String: Family] = [:]
    /// Series that were not taken, by reason.
    private(set) var dropped: [String: UInt64] = [:]

    init(maximumSeries: Int) {
        self.maximumSeries = maximumSeries
    }

    /// The series of a name and labels, made by `make` if it is not there.
    ///
    /// A series whose family is of another kind, or full, is handed out but never shown, and counted in `dropped`.
    mutating func series(_ kind: Kind, _ name: String, _ labels: LabelSet, make: () -> Series) -> Series {
        let family = families[name, default: Family(kind: kind)]
        guard family.kind == kind else { return drop("kind", make) }
        if let known = family.series[labels] { return known }
        guard family.series.count < maximumSeries else { return drop("cardinality", make) }
        let series = make()
        families[name, default: family].series[labels] = series
        return series
    }

    /// Removes a series by the object that was handed out; one that is not there is ignored.
    mutating func remove(_ handler: AnyObject) {
        for (name, family) in families {
            for (labels, series) in family.series where series.handler === handler {
                families[name]?.series[labels] = nil
                if family.series.count == 1 { families[name] = nil }
                return
            }
        }
    }

    private mutating func drop(_ reason: String, _ make: () -> Series) -> Series {
        dropped[reason, default: 0] += 1
        return make()
    }
}
