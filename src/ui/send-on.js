// Sends the page's one form as soon as the page is there. The button is for those whose browser runs no scripts; pressed as well, it would
// send the same code twice. It comes back with a page that the browser kept, so that nobody is stuck on it.
const form = document.querySelector('form')
const button = form.querySelector('button')
button.disabled = true
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) button.disabled = false
})
form.submit()
