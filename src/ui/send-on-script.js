// Submits the form of the page as soon as the page has loaded. The button is for browsers that run no scripts; here it is disabled, because a
// click would send the same code twice. It is enabled again when the browser shows the page from its cache.
const form = document.querySelector('form')
const button = form.querySelector('button')
button.disabled = true
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) button.disabled = false
})
form.submit()
