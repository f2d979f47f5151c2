import Foundation
import TestSupport
import Testing

@testable import gloss

@Suite struct EventSelectionTests {
    private func score(
        _ latent: Int, _ value: Double? = 0.5, coder: String = "codes", at time: String = "2026-11-23T12:04:31.000Z"
    ) throws -> TailedEvent {
        let number = value.map { "\($0)" } ?? "null"
        return try #require(
            TailedEvent(
                #"{"ts":"\#(time)","type":"score","coder":"\#(coder)","hookpoint":"layers.10","latent":\#(latent),"#
                    + #""node":"detected","explained_by":"prose","value":\#(number)}"#))
    }

    private func taken(_ names: [String], _ latents: [Int]) throws -> [Int] {
        var selection = EventSelection(latents: try LatentNames(names))
        var taken: [Int] = []
        for latent in latents where selection.takes(try score(latent)) { taken.append(latent) }
        return taken
    }

    @Test func latentsAreNamedAsTheyArePrinted() throws {
        #expect(try taken([], [1, 2]) == [1, 2])
        #expect(try taken(["2"], [1, 2]) == [2])
        #expect(try taken(["codes/2", "other/1"], [1, 2]) == [2])
        #expect(try taken(["layers.10/2"], [1, 2]) == [2])
        #expect(try taken(["codes/1*"], [1, 2, 13]) == [1, 13])
        #expect(try taken(["*/2"], [1, 2, 12]) == [2])
    }

    @Test func howEvidenceHasGrownIsOfInterestWhicheverLatentsAreMeant() throws {
        var selection = EventSelection(latents: try LatentNames(["codes/2"]))
        func evidence(_ latent: String) throws -> TailedEvent {
            try #require(TailedEvent(#"{"type":"evidence","coder":"codes","epoch":3\#(latent)}"#))
        }
        #expect(selection.takes(try evidence("")))
        #expect(selection.takes(try evidence(#","latent":2"#)))
        #expect(!selection.takes(try evidence(#","latent":3"#)))
        selection = EventSelection(latents: try LatentNames([]), change: 0.1)
        #expect(!selection.takes(try evidence("")))
    }

    @Test func aFileHasOneALine() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("# found interesting\ncodes/2\n\n 13 \ncodes/4?\n".utf8), to: "list.txt")
        #expect(try taken([path], [1, 2, 13, 41, 4]) == [2, 13, 41])
    }

    @Test(arguments: ["-3", "codes/", "/3", "codes/x", "nothing.txt"])
    func whatIsNoLatentIsSaidToBe(text: String) {
        #expect(throws: LatentNames.Fault.self) { try LatentNames([text]) }
    }

    @Test func aServerIsAskedForNumbersOnlyIfTheyAreAllThatIsWanted() throws {
        #expect(try LatentNames(["3", "codes/17"]).candidates == [3, 17])
        #expect(try LatentNames(["3", "codes/1*"]).candidates == nil)
        #expect(try LatentNames([]).candidates == nil)
        #expect(try EventSelection(latents: LatentNames(["3"])).isServers)
        #expect(try !EventSelection(latents: LatentNames(["codes/3"])).isServers)
        #expect(try !EventSelection(latents: LatentNames([]), change: 0.1).isServers)
    }

    @Test func aChangeIsToldByTheScoreBefore() throws {
        var selection = EventSelection(latents: try LatentNames([]), change: 0.05)
        var taken: [Bool] = []
        for value in [0.5, 0.52, 0.7, nil, 0.71, 0.6] { taken.append(selection.takes(try score(1, value))) }
        // Another latent has a past of its own.
        taken.append(selection.takes(try score(2, 0.9)))
        #expect(taken == [false, false, true, false, false, true, false])
    }

    @Test func whatIsOlderIsLeftOut() throws {
        let since = try Date("2026-11-23T12:00:00Z", strategy: .iso8601)
        var selection = EventSelection(latents: try LatentNames([]), since: since)
        let taken = [selection.takes(try score(1)), selection.takes(try score(1, at: "2026-11-23T11:59:59.999Z"))]
        #expect(taken == [true, false])
    }
}
