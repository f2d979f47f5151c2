import CZlib
import Foundation
import JSONText
import LatentSheets
import Testing

@testable import Neuronpedia

/// Rows as they were seen to load through the importer's own statements into Neuronpedia's own tables.
@Suite struct PublishedFolderTests {
    /// The lines' keys and values that Neuronpedia's importer was seen to take.
    private static let golden = (
        feature:
            #"{"modelId":"gpt2-small","layer":"6-res-gloss","index":"4093","creatorId":"clkht01d40000jv08hvalcvly","sourceSetName":"res-gloss","maxActApprox":9.31,"frac_nonzero":0.00021,"pos_str":["-"],"pos_values":[1.8],"neg_str":[" the"],"neg_values":[-0.9],"freq_hist_data_bar_values":[0.09],"freq_hist_data_bar_heights":[3121],"logits_hist_data_bar_values":[-0.9],"logits_hist_data_bar_heights":[4],"topkCosSimIndices":[4093,912],"topkCosSimValues":[1.0,0.71],"hasVector":false}"#,
        activation:
            #"{"id":"cgl0a91f0000000000004093a","modelId":"gpt2-small","layer":"6-res-gloss","index":"4093","creatorId":"clkht01d40000jv08hvalcvly","tokens":[" on"," 2021","-"],"values":[0.0,6.2,9.31],"maxValue":9.31,"maxValueTokenIndex":2,"minValue":0.0,"binMin":-1,"binMax":9.31,"binContains":-1,"qualifyingTokenIndex":2}"#,
        score:
            #"{"initiatedByUserId":"clkht01d40000jv08hvalcvly","value":0.88,"explanationScoreTypeName":"eleuther_fuzz","explanationScoreModelName":"gpt-oss"}"#
    )

    private static let sheet = #"""
        {"v":1,"coder":{"name":"codes","hookpoint":"layers.6","latents":24576,"digest":"d","is_random":false},"latent":4093,
        "state":"scored","failures":[],"history":[],"provenance":[],
        "labels":[{"node":"words","job":"00000000000000000000000000000007","text":"dates in ISO 8601 format","parts":[],
          "explainer":"default","prompt_version":"1","made":"2026-11-23T12:04:31Z","epoch":1,"shown":20,
          "scores":[{"node":"fuzzed","method":"fuzzing","job":"00000000000000000000000000000008","judged":2,"failed":0,
            "headline":{"name":"headline","value":0.88,"lower":0.8,"upper":0.93,"count":2},"doubts":[],"details":[]},
           {"node":"executed","method":"execution","job":"00000000000000000000000000000009","judged":2,"failed":0,
            "headline":{"name":"headline","value":0.7,"lower":0.6,"upper":0.8,"count":2},"doubts":[],"details":[]}]}],
        "activity":{"epoch":1,"tokens":100000,"tokens_fired":21,"windows":10,"windows_fired":8,"maximum":9.31,"is_dense":false,
          "density":{"name":"density","value":0.00021,"lower":0,"upper":1,"count":100000},
          "histogram":[{"lower":0.06,"upper":0.12,"count":3121}],"kept":{"train":1,"top":1,"test":1,"recent":0}},
        "promotion":{"raised":[{"text":"-","id":12,"change":1.8,"stands_out":true}],
          "lowered":[{"text":" the","id":262,"change":-0.9,"stands_out":false}],
          "histogram":[{"lower":-1,"upper":-0.8,"count":4}]},
        "neighbours":[{"measure":"decoder","latent":912,"similarity":0.71},{"measure":"cofiring","latent":5,"similarity":0.2}],
        "examples":[{"kind":"top","note":"","examples":[{"pieces":[
            {"text":"·on","ids":[1],"activation":0,"level":0},{"text":" 2021","ids":[2],"activation":6.2,"level":3},
            {"text":"-","ids":[12],"activation":9.31,"level":4}],"peak":9.31,"peak_piece":2,"marked":[]}]},
          {"kind":"judged","node":"fuzzed","note":"","examples":[{"pieces":[{"text":"-","ids":[12],"activation":9.31,"level":4}],
            "peak":9.31,"peak_piece":0,"marked":[0],"verdict":{"node":"fuzzed","is_yes":true,"probability":0.93,"is_right":true}}]}]}
        """#

    private let sheet: LatentSheet

    init() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        sheet = try decoder.decode(LatentSheet.self, from: Data(Self.sheet.utf8))
    }

    private static let source = PublishedSource(model: "gpt2-small", name: "6-res-gloss")

    private static func text(_ ids: [UInt32]) -> String {
        ids.map { [1: " on", 2: " 2021", 12: "-", 262: " the"][$0] ?? "?" }.joined()
    }

    private func object(_ text: String) throws -> [String: NSObject] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: NSObject])
    }

    /// The members of a golden line that are not the same in a row.
    private func differing(_ golden: String, _ row: some Encodable, besides free: Set<String> = []) throws -> [String] {
        let own = try object(try SortedJSON.text(of: row))
        return try object(golden).filter { !free.contains($0.key) && own[$0.key] != $0.value }.keys.sorted()
    }

    @Test func aFeatureIsTheLineThatTheImporterTakes() throws {
        let row = FeatureRow(sheet, in: Self.source, text: Self.text)
        let (values, golden) = (row.freq_hist_data_bar_values, 0.09)
        #expect(values.count == 1 && abs(values[0] - golden) < 1e-12)
        #expect(
            try differing(
                Self.golden.feature, row, besides: ["freq_hist_data_bar_values", "logits_hist_data_bar_values"]) == [])
    }

    @Test func aWindowIsTheLineThatTheImporterTakesWithTokensAsTheSubjectHasThem() throws {
        let rows = ActivationRow.rows(sheet, in: Self.source, text: Self.text)
        #expect(rows.count == 1)
        let row = try #require(rows.first)
        let values = row.values
        #expect(zip(values, [0, 6.2, 9.31]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(try differing(Self.golden.activation, row, besides: ["id", "values"]) == [])
        #expect(row.id.count == 25 && row.id.hasPrefix("c"))
        #expect(ActivationRow.rows(sheet, in: Self.source, text: Self.text).first?.id == row.id)
    }

    @Test func aScoreHasItsNameThereAndEveryVerdictOfIt() throws {
        let rows = ScoreRow.rows(sheet, judge: "gpt-oss", text: Self.text)
        // Neuronpedia has no name for execution.
        #expect(rows.count == 1)
        let row = try #require(rows.first)
        #expect(try differing(Self.golden.score, row) == [])
        let explanation = try #require(LabelRow.rows(sheet, in: Self.source).first)
        #expect(row.explanationId == explanation.id && explanation.description == "dates in ISO 8601 format")
        #expect(explanation.notes == "gloss fuzzing .88 [.80–.93] n=2 f=0; execution .70 [.60–.80] n=2 f=0")
        let details = try #require(
            try JSONSerialization.jsonObject(with: Data(row.jsonDetails.utf8)) as? [[String: Any]])
        #expect(details.count == 1 && details[0]["str_tokens"] as? [String] == ["-"])
        #expect(details[0]["ground_truth"] as? Bool == true && details[0]["highlighted"] as? Bool == true)
    }

    @Test func anAnswerHoldsTheRowWithItsExplanationsScoresAndWindows() throws {
        let answer = try object(
            try SortedJSON.text(of: FeatureAnswer(sheet, in: Self.source, judge: "gpt-oss", text: Self.text)))
        #expect(answer["index"] == "4093" as NSString && (answer["activations"] as? [Any])?.count == 1)
        let explanations = try #require(answer["explanations"] as? [[String: Any]])
        #expect(explanations.count == 1 && (explanations[0]["scores"] as? [Any])?.count == 1)
    }

    @Test func aFolderHasTheLayoutAndTheSameKeysOnEveryLine() throws {
        var files: [String: [UInt8]] = [:]
        var folder = PublishedFolder(Self.source, judge: "gpt-oss", text: Self.text) { files[$1] = $0 }
        var bare = sheet
        (bare.latent, bare.activity, bare.promotion, bare.neighbours, bare.examples) = (7, nil, nil, [], [])
        bare.labels = []
        try folder.add(sheet)
        try folder.add(bare)
        try folder.finish(layers: 12, neurons: 3072)
        let base = "v1/gpt2-small/6-res-gloss"
        #expect(
            files.keys.sorted() == [
                "\(base)/activations/batch-0.jsonl.gz", "\(base)/explanations/batch-0.jsonl.gz",
                "\(base)/features/batch-0.jsonl.gz", "\(base)/model.jsonl", "\(base)/release.jsonl",
                "\(base)/scores/batch-0.jsonl.gz", "\(base)/source.jsonl", "\(base)/sourceset.jsonl",
            ])
        let lines = try inflated(try #require(files["\(base)/features/batch-0.jsonl.gz"])).split(separator: "\n")
        let keys = try lines.map { Set(try object(String($0)).keys) }
        #expect(keys.count == 2 && keys[0] == keys[1])
        // What is not known is said so, and shown as dead rather than as a number.
        let second = try object(String(lines[1]))
        #expect(second["frac_nonzero"] == -1 as NSNumber && second["maxActApprox"] == 0 as NSNumber)
        #expect(folder.account == .init(features: 2, activations: 1, explanations: 1, scores: 1))
        let model = try object(String(decoding: try #require(files["\(base)/model.jsonl"]), as: UTF8.self))
        #expect(model["id"] == "gpt2-small" as NSString && model["layers"] == 12 as NSNumber)
    }

    @Test(arguments: [
        ("6-res-jb", "res-jb"), ("res-jb", "res-jb"), ("layers.10", "layers.10"), ("-x", "-x"), ("12-", ""),
    ])
    func theSetOfASourceIsItsNameWithoutTheLayer(name: String, set: String) {
        #expect(PublishedSource(model: "m", name: name).set == set)
    }

    /// By zlib's own reader of gzip files.
    private func inflated(_ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(bytes).write(to: URL(filePath: file))
        let handle = try #require(gzopen(file, "rb"))
        defer { gzclose(handle) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = gzread(handle, &buffer, UInt32(buffer.count))
        return String(decoding: buffer[..<Int(max(count, 0))], as: UTF8.self)
    }
}
