import Testing

@testable import Topology

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("weigths", "weights"), ("contxt", "context"), ("Context", "context"), ("kafak", "kafka"),
        ("windows", "window"),
    ]) func findsWhatWasMeant(name: String, expected: String) {
        #expect(NearestName.find(name, among: ["weights", "context", "kafka", "window", "latents"]) == expected)
    }

    @Test(arguments: ["", "colour", "x", String(repeating: "window", count: 20)])
    func findsNothingWhereNothingIsNear(name: String) {
        #expect(NearestName.find(name, among: ["weights", "context", "window"]) == nil)
    }

    @Test func theNearestAndThenTheFirstWins() {
        #expect(NearestName.find("abcdef", among: ["abcdxx", "abcdeX", "abcdeY"]) == "abcdeX")
    }

    @Test func distanceEqualsItsDefinition() {
        // The recursive definition, exponential in the length.
        func naive(_ left: ArraySlice<Unicode.Scalar>, _ right: ArraySlice<Unicode.Scalar>) -> Int {
            guard let a = left.last else { return right.count }
            guard let b = right.last else { return left.count }
            var least = min(
                naive(left.dropLast(), right) + 1, naive(left, right.dropLast()) + 1,
                naive(left.dropLast(), right.dropLast()) + (a == b ? 0 : 1))
            if left.count > 1, right.count > 1, left.dropLast().last == b, right.dropLast().last == a {
                least = min(least, naive(left.dropLast(2), right.dropLast(2)) + 1)
            }
            return least
        }
        let words = ["", "a", "ab", "ba", "abc", "acb", "cab", "abcd", "badc", "aaaa", "dcba"].map {
            Array($0.unicodeScalars)
        }
        for left in words {
            for right in words { #expect(NearestName.distance(left, right) == naive(left[...], right[...])) }
        }
    }
}
