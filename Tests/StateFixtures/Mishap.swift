/// What a test throws to see where it comes out.
package struct Mishap: Error, Hashable {
    package init() {}
}
