import Elements
import Explaining
import Foundation
import Hashing
import Testing

@Suite struct ExplanationFileTests {
    /// A line that Neuronpedia's importer was seen to load.
    private static let golden =
        #"{"id":"cgl0a91f00000000004093r3","modelId":"gpt2-small","layer":"6-res-gloss","index":"4093","#
        + #""description":"dates in ISO 8601 format","authorId":"clkht01d40000jv08hvalcvly","typeName":null,"#
        + #""explanationModelName":null,"notes":"gloss r3 det=.84 [.76-.90] n=100 f=0","#
        + #""createdAt":"2026-11-23T12:04:31"}"#

    @Test func aLineOfNeuronpediaIsReadAndWrittenAsItWas() throws {
        let rows = try ExplanationFile.read(Data(Self.golden.utf8), latents: 24_576)
        let row = try #require(rows.first)
        #expect(row.latent == 4093 && row.text == "dates in ISO 8601 format" && row.layer == "6-res-gloss")
        #expect(row.typeName == nil && row.notes == "gloss r3 det=.84 [.76-.90] n=100 f=0")
        #expect(ExplanationFile.write(rows) == Data((Self.golden + "\n").utf8))
    }

    @Test func plainLinesOfPeopleAndOtherToolsAreRead() throws {
        let text = """
            {"latent": 3, "explanation": "flags\\u0000 and\\n banners"}\r

            {"index": 4, "hookpoint": "layers.5", "text": "numbers", "explanationModelName": "m", "rating": 5}
            """
        let rows = try ExplanationFile.read(Data(text.utf8), latents: 5)
        #expect(rows.map(\.latent) == [3, 4])
        #expect(rows.map(\.text) == ["flags and banners", "numbers"])
        #expect(rows[1].layer == "layers.5" && rows[1].explanationModelName == "m")
    }

    @Test(arguments: [
        "{}", "[]", "x", #"{"index":1}"#, #"{"index":"one","description":"x"}"#, #"{"index":5,"description":"x"}"#,
        #"{"index":-1,"description":"x"}"#, #"{"index":1,"description":" \n "}"#, #"{"index":1.5,"description":"x"}"#,
        #"{"index":99999999999999999999,"description":"x"}"#, "{\"index\":1,\"description\":\"\u{FFFF}",
    ])
    func whatIsNoExplanationIsNamedByItsLine(line: String) {
        let file = #"{"index":1,"description":"good"}"# + "\n\n" + line
        #expect { try ExplanationFile.read(Data(file.utf8), latents: 5) } throws: { error in
            guard let error = error as? ExplainingError else { return false }
            return error.kind == .unreadable && error.message.contains("line 3")
        }
    }

    @Test func whateverIsWrittenIsReadBackTheSameWithTheSameKeysOnEveryLine() throws {
        let odd = "a \"quoted\" \\ \u{7F} \u{2028} é 🙂 <|x|>"
        let update = ToyView().update
        var row = ExplanationRow(latent: 7, text: odd)
        row.notes = "tab\tline\nbell\u{07}"
        let explanation = GivenExplainer.loaded(row, node: "other", update: update)
        let rows = [
            row,
            ExplanationFile.row(of: explanation, modelID: "m", layer: "10-res", createdAt: "2026-01-01T00:00:00"),
        ]
        let data = ExplanationFile.write(rows)
        let read = try ExplanationFile.read(data, latents: 64)
        #expect(read.map(\.text) == rows.map { ExplanationText.clean($0.text) })
        #expect(read.map(\.notes) == rows.map(\.notes) && read[1].id == rows[1].id)
        let keys = try String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return Set(object.keys)
        }
        #expect(keys.count == 2 && keys[0] == keys[1] && keys[0].count == 10)
    }

    @Test func idsHaveTheFormOfCuidsAndFollowTheJob() {
        var ids: Set<String> = []
        for number in 0..<200 {
            let id = ExplanationFile.id(of: Hash128(high: UInt64(number) << 20, low: UInt64(number % 3)))
            #expect(id.utf8.count == 25 && id.hasPrefix("c"))
            #expect(id.allSatisfy { $0.isASCII && ($0.isNumber || $0.isLowercase) })
            ids.insert(id)
        }
        #expect(ids.count == 200)
    }

    @Test func explanationsGivenKeepWhereTheyComeFrom() throws {
        let update = ToyView().update
        var row = ExplanationRow(latent: 7, text: "flags")
        row.explanationModelName = "gpt"
        let loaded = GivenExplainer.loaded(row, node: "theirs", update: update)
        #expect(loaded.text == "flags" && loaded.latent == 7 && loaded.provenance.explainer == "loaded")
        #expect(loaded.provenance.model == "gpt" && loaded.provenance.shown.isEmpty && loaded.predicate == nil)
        #expect(GivenExplainer.loaded(row, node: "theirs", update: update) == loaded)
        row.authorID = "someone"
        #expect(GivenExplainer.loaded(row, node: "theirs", update: update).job != loaded.job)
        let none = GivenExplainer.none(of: 7, node: "nobody", update: update)
        #expect(none.text.isEmpty && none.provenance.explainer == "none")
        #expect(none.job != GivenExplainer.none(of: 8, node: "nobody", update: update).job)
    }

    @Test(arguments: [
        (#"{"index": 1, "description": null}"#, "nothing (null) as description; leave such lines out"),
        (#"{"index": 1, "description": "  "}"#, "nothing to read as description"),
        (#"{"index": 1, "description": 3}"#, "another kind of value as description"),
        (#"{"index": "x", "description": "a"}"#, "not a latent's number as index"),
        (#"{"description": "a"}"#, "no latent"), (#"{"index": 1}"#, "no text"),
        (#"[{"index": 1, "description": "a"}]"#, "a list; write its objects one a line"), ("3", "no object"),
        ("{index: 1}", "no JSON"), ("more", "no JSON"),
    ]) func whatIsWrongWithALineIsSaidInWords(line: String, finding: String) {
        let text = #"{"index": 0, "description": "a"}"# + "\n" + line + "\n"
        do throws(ExplainingError) {
            _ = try ExplanationFile.read(Data(text.utf8), latents: 4)
            Issue.record("read")
        } catch {
            #expect(error.message.hasPrefix("line 2 is not an explanation: expected an object with index (or latent)"))
            #expect(error.message.hasSuffix("found \(finding)"))
        }
    }

    @Test func aCompressedFileIsCalledThat() {
        do throws(ExplainingError) {
            _ = try ExplanationFile.read(Data([0x1f, 0x8b, 8, 0]), latents: 4)
            Issue.record("read")
        } catch {
            #expect(error.message.contains("compressed by gzip; unpack it first"))
        }
    }
}
