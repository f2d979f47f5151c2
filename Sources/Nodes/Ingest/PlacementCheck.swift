import LanguageModels
import SparseCoders
import Topology

/// Whether the place that a coder's files name is asked for.
enum PlaceCheck: String, CaseIterable, Sendable {
    case checked
    case asGiven = "as-given"
}

/// Whether a coder is read at the place where it was trained, as far as its files say.
struct PlacementCheck {
    private enum Finding {
        case sound
        /// The place that the files name is another hookpoint.
        case elsewhere(String)
        /// The place that they name is no hookpoint.
        case noHookpoint(String)
        /// They name none, or one whose spelling is not known.
        case unknown(String?)
    }

    private let finding: Finding
    private let hookpoint: String

    init(_ placement: CoderPlacement, reading hookpoint: String, in models: [LanguageModel]) {
        self.hookpoint = hookpoint
        if let head = placement.head {
            finding = .noHookpoint("head \(head) of \(placement.input ?? "the attention")")
            return
        }
        switch placement.inputPlace {
        case nil:
            if let layer = placement.layer, let read = Hookpoint(hookpoint), !Self.mayBe(read, ofLayer: layer) {
                finding = .elsewhere("a hookpoint of block \(layer)")
            } else {
                finding = placement.hasManyPlaces || placement.layer != nil ? .unknown(nil) : .sound
            }
        case .unknown: finding = .unknown(placement.input)
        case .noHookpoint: finding = .noHookpoint(placement.input ?? "")
        case .hookpoint(let trained):
            guard let place = Hookpoint(trained) else {
                finding = .noHookpoint(trained)
                return
            }
            let isSame = Hookpoint(hookpoint).map { read in
                read == place || models.contains { $0.representative(of: read) == $0.representative(of: place) }
            }
            finding = isSame ?? true ? .sound : .elsewhere(trained)
        }
    }

    /// Whether files that name a layer only may mean a hookpoint: what the block before leaves is what the layer reads.
    private static func mayBe(_ hookpoint: Hookpoint, ofLayer layer: Int) -> Bool {
        hookpoint.block == layer || (hookpoint.site == .residual && hookpoint.block + 1 == layer)
    }

    /// Reports what is wrong, as a warning only if the topology has the last word.
    func report(at mark: SourceMark, of node: String, isOverridden: Bool, into findings: inout NodeFindings) {
        let help = "take another coder or hookpoint, or say `place: as-given` if the files are wrong"
        switch finding {
        case .sound: return
        case .elsewhere(let trained):
            findings.report(
                isOverridden ? .overriddenPlace : .otherHookpoint, mark,
                "\(node): the coder's files say that it was trained on \(trained), not on \(hookpoint)",
                help: isOverridden ? nil : help)
        case .noHookpoint(let name):
            findings.report(
                isOverridden ? .overriddenPlace : .noHookpoint, mark,
                "\(node): the coder's files say that it was trained at \(name), which is no hookpoint of Gloss; its codes at "
                    + "\(hookpoint) mean nothing",
                help: isOverridden ? nil : help)
        case .unknown(let name):
            guard !isOverridden else { return }
            let known =
                name.map { "the coder's files say that it was trained at \($0)" }
                ?? "nothing says where the coder was trained"
            findings.report(
                .unknownPlace, mark, "\(node): \(known); whether that is \(hookpoint) cannot be checked",
                help: "say `place: as-given` if it is")
        }
    }
}
