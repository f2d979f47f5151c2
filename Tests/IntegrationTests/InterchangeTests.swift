import AsyncHTTPClient
import Elements
import Foundation
import NIOCore
import NIOHTTP1
import Store
import TestSupport
import Testing

/// Other tools' files in and out, and coders side by side, as a person meets them.
@Suite(.timeLimit(.minutes(5))) struct InterchangeTests {
    private let program = GlossProgram()
    private let cache = GoldenFiles.path("delphi/cache/layers.10")

    private func topology(_ name: String, in folder: TemporaryFolder, explainer: String) throws -> String {
        try folder.write(
            """
            version: 1
            name: \(name)
            state: { directory: \(folder.file(name)), checkpoint: 1s, memory: 4GiB }
            models:
              subject: { path: \(Folders.model), bos: none }
            sources:
              cache: { type: delphi_cache, path: \(cache), hookpoint: layers.10, model: subject }
            stages:
              evidence: { type: reservoir, inputs: [cache] }
              prose:    { type: explain, inputs: [evidence], when: drained, minimum_examples: 5, \(explainer) }
              executed: { type: score, inputs: [prose], method: execution }
              detected: { type: score, inputs: [prose], method: detection, model: subject, examples: 2, latents: 0..40, controls: 0 }
            """, to: name + ".yaml")
        return folder.file(name + ".yaml")
    }

    @Test func aDelphiCacheIsExplainedAndScoredAndItsExplanationsGoOutAndComeBack() throws {
        let folder = try TemporaryFolder()
        let first = try topology("first", in: folder, explainer: "explainer: lexical")
        let run = try program.run(["run", first, "--until-drained", "--quiet"])
        try #require(run.status == 0, "\(run.errors)")
        let reader = try Store.reader(directory: folder.file("first"))
        let explanations = try reader.explanations()
        #expect(explanations.count > 20)
        #expect(explanations.allSatisfy { $0.coder.latents == 256 && $0.coder.hookpoint == "layers.10" })
        let scores = try reader.scores().filter { $0.control == nil }
        let detected = scores.filter { $0.method == "detection" }
        #expect(scores.contains { $0.method == "execution" } && !detected.isEmpty)

        let delphi = try program.run([
            "export", "--format", "delphi", folder.file("first"), folder.file("delphi"), "--model", Folders.model,
        ])
        try #require(delphi.status == 0, "\(delphi.errors)")
        // What is there is not written over unless that is asked for.
        let overAgain = [
            "export", "--format", "delphi", folder.file("first"), folder.file("delphi"), "--model", Folders.model,
        ]
        let refused = try program.run(overAgain)
        #expect(refused.status == 65 && refused.errors.contains("--force"), "\(refused.errors)")
        #expect(try program.run(overAgain + ["--overwrite"]).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("delphi/scores/detection"))
        #expect(names.sorted() == detected.map { "layers.10_latent\($0.latent).txt" }.sorted())
        let score = try #require(detected.first)
        let examples = try #require(
            try JSONSerialization.jsonObject(
                with: Data(
                    contentsOf: URL(
                        filePath: folder.file("delphi/scores/detection/layers.10_latent\(score.latent).txt"))))
                as? [[String: Any]])
        #expect(examples.count == score.judged + score.failed)
        #expect(examples.allSatisfy { ($0["str_tokens"] as? [String])?.isEmpty == false })

        let lines = folder.file("labels.jsonl")
        let export = try program.run([
            "export", "--format", "neuronpedia", folder.file("first"), lines, "--model-id", "smollm2",
        ])
        try #require(export.status == 0, "\(export.errors)")
        let second = try topology("second", in: folder, explainer: "explainer: loaded, path: \(lines)")
        let again = try program.run(["run", second, "--until-drained", "--quiet"])
        try #require(again.status == 0, "\(again.errors)")
        let loaded = try Store.reader(directory: folder.file("second")).explanations()
        #expect(loaded.map { "\($0.latent) \($0.text)" } == explanations.map { "\($0.latent) \($0.text)" })
    }

    @Test func theLatentsOfADelphiCacheAreServedUnderTheNameOfTheirSource() async throws {
        let folder = try TemporaryFolder()
        let port = try Ports.free()
        try folder.write(
            """
            version: 1
            name: served
            http: 127.0.0.1:\(port)
            state: { directory: \(folder.file("served")), checkpoint: 1s, memory: 4GiB }
            models:
              subject: { path: \(Folders.model), bos: none }
            sources:
              cache: { type: delphi_cache, path: \(cache), hookpoint: layers.10, model: subject }
            stages:
              evidence: { type: reservoir, inputs: [cache] }
              prose:    { type: explain, inputs: [evidence], when: drained, explainer: lexical }
            """, to: "served.yaml")
        let daemon = try RunningGloss(program, ["run", folder.file("served.yaml"), "--quiet", "--verbose"])
        try #require(daemon.says("is on disk"), "\(daemon.end().errors)")
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/latents/cache/7")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let body = String(buffer: try await response.body.collect(upTo: 1 << 20))
        #expect(response.status == .ok, "\(body)")
        let page = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(page["coder"] as? String == "cache" && page["latent"] as? Int == 7)
        #expect(page["hookpoint"] as? String == "layers.10")
        daemon.signal(SIGTERM)
        let (status, errors) = daemon.end()
        #expect(status == 0, "\(errors)")
    }

    @Test func aCoderAlignsWithItselfAndNotWithOneOfAnotherWidth() throws {
        struct Alignment: Decodable {
            let shared_share: Double
            let agreeing_share: Double
            let pairs: [Pair]
        }
        struct Pair: Decodable {
            let a: Int
            let b: Int
            let explanation_a: String?
        }
        let folder = try TemporaryFolder()
        let coder = GoldenFiles.path("coders/sparsify_topk")
        let other = GoldenFiles.path("coders/saelens_jumprelu")
        try folder.write(#"{"latent": 3, "explanation": "names"}"# + "\n", to: "labels.jsonl")
        let outcome = try program.run([
            "align", coder, coder, "--json", "--explanations-a", folder.file("labels.jsonl"),
        ])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let alignment = try JSONDecoder().decode(Alignment.self, from: Data(outcome.output.utf8))
        #expect(alignment.pairs.count == 256 && alignment.pairs.allSatisfy { $0.a == $0.b })
        #expect(alignment.shared_share == 1 && alignment.agreeing_share == 1)
        #expect(alignment.pairs.compactMap(\.explanation_a) == ["names"])
        let table = try program.run(["align", coder, other, "--best", "2"])
        #expect(table.status == 0 && table.output.contains("mean matched cosine"), "\(table.errors)")
        let wide = try program.run(["align", coder, Folders.quickstart.appending(path: "sae").path])
        #expect(wide.status == 65 && wide.errors.contains("width 64") && wide.errors.contains("width 576"))
    }
}
