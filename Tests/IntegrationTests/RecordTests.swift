import Elements
import Foundation
import Hashing
import Kafka
import LanguageModels
import Records
import SparseCoders
import TestSupport
import Testing
import Tokenization

/// Codes that were computed elsewhere, from a broker into a daemon that is killed again and again.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RecordTests {
    private static let documents = 110

    /// The records of documents, by the tiny model's own forward pass and coder.
    private func records(_ subject: TinySubject) throws -> [[UInt8]] {
        let model = try LanguageModel(path: subject.folder.file("model"))
        let tokenizer = try Tokenizer.load(from: subject.folder.file("model"))
        let coder = try SparseCoder(folder: GoldenFiles.path("coders/sparsify_topk"))
        let point = try model.hookpoint(named: "layers.1")
        let pass = try ForwardPass(model: model, hookpoints: [point], mode: model.batchMode())
        let worker = EncodeWorker(coder: coder)
        let cutter = ContextCutter(length: 64, bos: tokenizer.specialToken("<|bos|>"))
        struct Line: Decodable { let text: String }
        let corpus = try Data(contentsOf: URL(filePath: subject.corpus(documents: Self.documents)))
        return try corpus.split(separator: 0x0a).map { line in
            let ids = tokenizer.encode(try JSONDecoder().decode(Line.self, from: line).text)
            let document = Document(
                position: RecordPosition(source: "", topic: "", partition: 0, offset: 0), timestamp: 0, id: nil,
                source: nil, content: .tokens(ids))
            let contexts = cutter.contexts(of: document, tokens: ids)
            let activations = try pass.activations(of: contexts.map(\.tokens))
            let batch = try worker.encode(
                ActivationBatch(contexts: contexts, activations: activations), hookpoint: "layers.1", maskFirst: false)
            let recorded = try #require(
                RecordContexts(
                    tokens: contexts.flatMap(\.tokens), lengths: contexts.map(\.tokens.count),
                    prefixes: contexts.indices.map { $0 == 0 ? 1 : 0 }))
            let header = RecordHeader(
                model: "tiny", hookpoint: "layers.1", coder: "sae", width: coder.latents, values: .f32)
            let record = try #require(
                CodeRecord(
                    header: header, contexts: recorded, rowStarts: batch.rowStarts, latents: batch.latents,
                    activations: batch.activations))
            return try record.encoded()
        }
    }

    private func topology(_ subject: TinySubject, _ name: String, broker: BrokerProcess) throws -> String {
        try subject.folder.write(
            """
            version: 1
            name: recorded
            state: { directory: "\(subject.state(name))", checkpoint: 100ms, memory: 2GiB }
            models: { subject: { tokenizer: "\(subject.folder.file("model"))", bos: "<|bos|>" } }
            sources:
              codes: { type: codes, from: kafka, brokers: "\(broker.address)", topics: [codes], model: subject,
                       model_name: tiny, hookpoint: layers.1, coder_name: sae, latents: 256,
                       coder: "\(GoldenFiles.path("coders/sparsify_topk"))" }
            stages:
              evidence: { type: reservoir, inputs: [codes], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
              lexical:  { type: explain,   inputs: [evidence], explainer: lexical, when: drained }
              executed: { type: score,     inputs: [lexical], method: execution }
            sinks: { rejected: { type: kafka, inputs: [codes.rejected], topic: dead } }
            """, to: name + ".yaml")
        return subject.folder.file(name + ".yaml")
    }

    @Test func aKilledRunOfRecordsEndsAsAnUninterruptedOneAndAsOnesOwnForwardPass() async throws {
        let broker = try BrokerProcess(mockTopics: ["codes": 3, "dead": 1])
        let subject = try TinySubject()
        let program = GlossProgram(environment: broker.environment)
        let records = try records(subject)
        var damaged = records[7]
        damaged[damaged.count - 1] ^= 1
        let producer = try KafkaProducer(KafkaSettings(brokers: broker.address))
        let values = records + [damaged, Array(#"{"text": "no record"}"#.utf8)]
        try await producer.send(
            contentsOf: values.enumerated().map {
                KafkaMessage(topic: "codes", partition: Int32($0.offset % 3), value: $0.element)
            })
        await producer.close()

        let whole = try topology(subject, "whole", broker: broker)
        let uninterrupted = try program.run(["run", whole, "--until-drained", "--quiet"])
        try #require(uninterrupted.status == 0, "\(uninterrupted.errors)")
        let killed = try topology(subject, "killed", broker: broker)
        var kills = 0
        for checkpoints in [1, 1, 1] {
            let arguments = ["run", killed, "--until-drained", "--verbose"]
            if try program.runAndKill(arguments, afterCheckpoints: checkpoints) { kills += 1 }
        }
        #expect(kills >= 1, "nothing was interrupted")
        let last = try program.run(["run", killed, "--until-drained", "--quiet"])
        try #require(last.status == 0, "\(last.errors)")
        let expected = try RunContent(subject.state("whole"), program: program)
        #expect(expected.tokens > 20_000 && expected.results.count > 50 && expected.unfinished.isEmpty)
        #expect(try RunContent(subject.state("killed"), program: program) == expected)

        let source = "{ type: file, path: \"\(subject.folder.file("corpus.ndjson"))\" }"
        let own = try program.run(
            ["run", subject.topology("own", source: source), "--until-drained", "--quiet"])
        try #require(own.status == 0, "\(own.errors)")
        let found = try RunContent(subject.state("own"), program: program)
        #expect(found.evidenceDigest == expected.evidenceDigest && found.tokens == expected.tokens)
        #expect(expected.evidenceDigest.count == 32)
    }
}
