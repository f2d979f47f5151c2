import Lineage
import Topology

/// The fields that decide when a score node scores an explanation again.
struct RoundFields: Sendable {
    private let rescore: Field<Int>
    private let recent: Field<Bool>

    /// A method that asks no model scores again as soon as there is something new.
    static let cheap = RoundFields(growth: 2, recent: true)
    /// A judge costs money, so it is asked only on growth unless configured otherwise.
    static let judged = RoundFields(growth: 4, recent: false)

    private init(growth: Int, recent: Bool) {
        rescore = .integer(
            "rescore", 0...1_048_576, default: growth,
            """
            An explanation is scored again once the number of windows in which its latent fired has grown by this \
            factor (at least 2); 0 for never.
            """)
        self.recent = .boolean(
            "recent", default: recent,
            """
            Score again too once three quarters of the latent's recent windows, those of the last two days of event \
            time, are new.
            """)
    }

    var fields: [FieldSchema] { [rescore.schema, recent.schema] }

    /// The rule that a node is configured with.
    func rule(of node: Node) throws(TopologyError) -> RoundRule {
        RoundRule(rescore: try node[rescore], recent: try node[recent])
    }
}

extension RoundRule {
    /// For a method that is not scored again.
    static let never = RoundRule(rescore: 0, recent: false)
}
