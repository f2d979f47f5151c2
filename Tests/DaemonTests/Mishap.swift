/// What a test throws to see where it comes out.
struct Mishap: Error, Hashable {}
