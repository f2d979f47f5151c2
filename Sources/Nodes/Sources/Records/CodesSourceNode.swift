import Dataflow
import Elements
import Foundation
import Hashing
import Observability
import RecordReading
import Records
import Running
import SparseCoders
import Topology

/// The fields of a source of codes that are its own.
private enum CodesFields {
    static let name = Field.required("coder_name", .string, "The coder's name, which every record must carry.")
    static let digest = Field.optional(
        "coder_digest", .string, "The digest of the coder's weights that every record must carry; by default any.")
    static let latents = Field.requiredInteger(
        "latents", 1...Int(Int32.max), "The number of the coder's latents, which every record must carry.")
    static let coder = Field.optional(
        "coder", .path,
        "The folder of the coder, for what needs the directions of its latents; the codes come from the records all the same."
    )
    static let active = Field.integer(
        "k", 1...65_535, default: CodesShape.unknownActive,
        "How many latents are active on a token of usual text: what memory is expected by.")
    static let masksFirst = Field.boolean(
        "mask_first", default: true, "Leave out the first position of every context, an attention sink.")
    static let all = [
        name.schema, digest.schema, latents.schema, coder.schema, active.schema, masksFirst.schema,
    ]
}

/// A source of codes that were computed elsewhere; it acts as a coder, like an encode node.
struct CodesSourceNode<Transport: RecordTransport>: ExaminesRecords, GivesCodes, NamesTokens {
    static var schema: NodeSchema {
        Transport.schema(
            type: "codes", output: .codes, fields: SubjectFields.first + CodesFields.all + SubjectFields.last,
            documentation: "Reads codes that were computed elsewhere, as records of docs/records.md.")
    }

    let node: Node
    private let subject: SubjectFields
    private let transport: Transport
    private let name: String
    private let digest: String?
    private let latents: Int
    private let folder: String?
    private let active: Int
    private let masksFirst: Bool

    var model: String { subject.model }
    var hookpoint: String { subject.hookpoint }
    var models: [ModelUse] { [node.use(SubjectFields.model, subject.model)] }
    var place: String { folder ?? transport.place }
    var isRandomControl: Bool { false }
    var hasDirections: Bool { folder != nil }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        transport = try Transport(node)
        subject = try SubjectFields(node)
        name = try node[CodesFields.name]
        digest = try node[CodesFields.digest]
        latents = try node[CodesFields.latents]
        folder = try node[CodesFields.coder]
        active = try node[CodesFields.active]
        masksFirst = try node[CodesFields.masksFirst]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        transport.check(node, into: &findings)
        subject.check(self, in: graph, into: &findings)
        SubjectFields.check(digest, of: CodesFields.digest, node, into: &findings)
        guard let folder else { return }
        let mark = node.mark(of: CodesFields.coder)
        guard FileManager.default.fileExists(atPath: folder) else {
            return findings.report(
                .missingFile, mark, "\(id): there is no folder \(folder)", help: NodeFindings.pathHelp)
        }
        do {
            let coder = try coder(in: graph)
            guard coder.latents != latents else { return }
            findings.report(
                .widthMismatch, mark, "\(id): the coder in \(folder) has \(coder.latents) latents, not \(latents)")
        } catch {
            findings.report(.badFile, mark, "\(id): \(error)")
        }
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        identity.add(Self.schema.type)
        subject.identify(into: &identity)
        identity.add(CodesFields.name, name)
        identity.add(CodesFields.digest, given: digest)
        identity.add(CodesFields.latents, latents)
        identity.add(CodesFields.masksFirst, masksFirst)
        guard folder != nil else { return }
        let contents = try coder(in: graph).digest
        identity.add("\(contents)")
        identity.note(CodesFields.coder, contents: contents)
    }

    func shape(in graph: Graph) throws -> CodesShape {
        CodesShape(
            latents: latents, usualActive: Double(active),
            digest: folder == nil ? givenDigest ?? namesDigest : try coder(in: graph).digest)
    }

    private var givenDigest: Hash128? { digest.flatMap { Hash128($0) } }

    /// A digest of what records say of the coder where they have no digest of it.
    private var namesDigest: Hash128 {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_6465), wide: true)
        for text in [subject.name, subject.hookpoint, name] { hasher.update(text: text) }
        hasher.update(Int64(latents))
        return hasher.finalize128()
    }

    func coder(in graph: Graph) throws -> SparseCoder {
        guard let folder else {
            throw DaemonError(
                .configuration,
                "\(id) gives codes without a coder, but the directions of its latents are needed here: give it `coder:`"
            )
        }
        return try graph.weights.coder(.folder(folder), width: nil)
    }

    func examination(in graph: Graph) throws -> RecordExamination {
        let masksFirst = masksFirst
        return RecordExamination(
            node: id, maximumBytes: subject.maximumBytes, try expectation(in: graph)
        ) { _ = $0.codes(of: $1, masksFirst: masksFirst) }
    }

    /// What records must say.
    private func expectation(in graph: Graph) throws -> RecordExpectation {
        try subject.expectation(coder: name, coderDigest: givenDigest, width: latents, in: graph)
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let masksFirst = masksFirst
        let unpacking = context.unpacking(of: id, try expectation(in: context.graph))
        try pipeline.read(
            self, try transport.source(of: self, maximumBytes: subject.maximumBytes, context),
            maximumBytes: subject.maximumBytes, context, timers: timers
        ) { [progress = context.progress] batch in
            let codes = unpacking.codes(of: batch, masksFirst: masksFirst)
            progress.read(tokensWithCodes: (codes?.rowStarts.count ?? 1) - 1)
            return codes.map { [$0] } ?? []
        }
    }
}

extension CodesSourceNode: ReachesKafka where Transport == KafkaTransport {
    var brokers: String? { transport.fields.brokers }
    var topics: [String] { transport.fields.topics }
    var settings: [String: SettingValue] { transport.fields.settings }
}
