import Alignment
import Hashing
import JSONText
import SparseCoders

/// An alignment as one JSON object.
struct AlignmentJSON {
    let a: SparseCoder
    let b: SparseCoder
    let alignment: CoderAlignment
    let candidates: Int
    let labels: MatchedLabels

    var text: String {
        let members: [JSONValue.Member] = [
            ("a", Self.coder(a)), ("b", Self.coder(b)),
            ("settings", .object([("candidates", .integer(candidates)), ("threshold", .number(alignment.threshold))])),
            ("decoder", space(alignment.decoder)), ("encoder", space(alignment.encoder)),
            ("possible", .integer(alignment.possible)), ("shared", .integer(alignment.shared)),
            ("shared_share", Self.number(alignment.sharedShare)), ("agreeing", .integer(alignment.agreeing)),
            ("agreeing_share", Self.number(alignment.agreeingShare)),
            ("agreeing_and_shared", .integer(alignment.agreeingAndShared)),
            ("mean_where_agreeing", Self.number(alignment.meanWhereAgreeing)),
            ("mean_where_not", Self.number(alignment.meanWhereNot)),
            ("pairs", .array(alignment.pairs.map(pair))),
        ]
        return JSONValue.object(members).text
    }

    private static func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }

    private static func coder(_ coder: SparseCoder) -> JSONValue {
        .object([
            ("folder", .string(coder.folder)), ("digest", .string(coder.digest.description)),
            ("latents", .integer(coder.latents)), ("d_in", .integer(coder.inputWidth)),
            ("d_out", .integer(coder.outputWidth)),
        ])
    }

    private func space(_ space: SpaceAlignment) -> JSONValue {
        let above = space.pairs.count { $0.cosine > alignment.threshold }
        return .object([
            ("matched", .integer(space.pairs.count)), ("possible", .integer(space.possible)),
            ("total_cosine", .number(space.total)), ("mean_cosine", Self.number(space.mean)),
            ("above_threshold", .integer(above)), ("mutual_nearest", .integer(space.mutualNearest)),
            ("zero_rows", .array([.integer(space.zeroA), .integer(space.zeroB)])),
            ("candidate_pairs", .integer(space.candidates)), ("shortfall_at_most", .number(space.shortfall)),
        ])
    }

    /// Members for explanations are there only if explanations were asked for.
    private func pair(_ pair: CoderAlignment.MatchedPair) -> JSONValue {
        var members: [JSONValue.Member] = [
            ("a", .integer(pair.a)), ("b", .integer(pair.b)), ("decoder_cosine", .number(pair.decoderCosine)),
            ("encoder_cosine", Self.number(pair.encoderCosine)),
            ("encoder_partner", pair.encoderPartner.map { .integer($0) } ?? .null),
            ("mutual_nearest", .integer(pair.isMutuallyNearest ? 1 : 0)),
        ]
        if let labels = labels.a { members.append(("explanation_a", .optional(labels[pair.a]))) }
        if let labels = labels.b { members.append(("explanation_b", .optional(labels[pair.b]))) }
        return .object(members)
    }
}
