const data = this;

<div>
  {(() => {
    const posted = _.get(data, 'kobject.data') || {};
    const custom = _.get(data, 'kobject.custom') || {};
    const images = _.get(posted, 'media.imageUrls') || [];
    const videos = _.get(posted, 'media.videoUrls') || [];
    const answers = _.get(posted, 'attributes') || [];
    const product = _.compact([_.get(posted, 'product.productName'), _.get(posted, 'product.variantName')]).join(', ');
    return (
      <Segment>
        {_.get(posted, 'review.source') === 'write-review-button' ? (
          <p><strong>WARNING_WORDS</strong></p>
        ) : null}
        {custom.isTestBool ? <p>A test: safe to delete.</p> : null}
        <h4>{_.get(posted, 'review.rating')} of 5</h4>
        <h4>{_.get(posted, 'review.title')}</h4>
        <p style={{ whiteSpace: 'pre-wrap' }}>{_.get(posted, 'review.body')}</p>
        <div>
          {images.map((url, n) => (
            <a key={url} href={url} target="_blank" rel="noopener noreferrer">
              <img src={url} alt={'Photo ' + (n + 1)} width="96" height="96" style={{ objectFit: 'cover' }} />
            </a>
          ))}
          {videos.map((url, n) => (
            <a key={url} href={url} target="_blank" rel="noopener noreferrer">{'Video ' + (n + 1)}</a>
          ))}
        </div>
        <BasicField label="Product" value={product} />
        <BasicField label="Order" value={_.get(posted, 'orderId') || 'not known'} />
        {answers.map((one) => (
          <BasicField key={one.title} label={one.title} value={_.castArray(one.value).join(', ')} />
        ))}
        {custom.isTestBool ? null : (
          <a href={custom.openInReviewsUrl} target="_blank" rel="noopener noreferrer">Open in Reviews</a>
        )}
      </Segment>
    );
  })()}
</div>
